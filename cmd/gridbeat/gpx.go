package main

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"time"

	"gridbeat/routing/patrol"
)

// writeGPX writes a plan as GPX 1.1, one track for each route, for the phones and
// receivers that units carry. Digits are those of the map; names say unit and shift.
func writeGPX(w io.Writer, p patrol.Plan) error {
	out := bufio.NewWriter(w)
	fmt.Fprint(out, xml.Header, `<gpx version="1.1" creator="gridbeat" xmlns="http://www.topografix.com/GPX/1/1">`, "\n")
	fmt.Fprintf(out, " <metadata><name>%s</name>", escaped(p.ID))
	if !p.CreatedAt.IsZero() {
		fmt.Fprintf(out, "<time>%s</time>", p.CreatedAt.UTC().Format(time.RFC3339))
	}
	fmt.Fprint(out, "</metadata>\n")
	for _, r := range p.Routes {
		name := fmt.Sprintf("%s, shift %d", r.Unit, r.Shift)
		desc := fmt.Sprintf("%.1f km, %s, %s", r.Metres/1000, hours(r.Seconds), p.Profile)
		fmt.Fprintf(out, " <trk><name>%s</name><desc>%s</desc><trkseg>\n", escaped(name), escaped(desc))
		for _, at := range r.Line {
			fmt.Fprintf(out, "  <trkpt lat=\"%.7f\" lon=\"%.7f\"/>\n", at[1], at[0])
		}
		fmt.Fprint(out, " </trkseg></trk>\n")
	}
	fmt.Fprint(out, "</gpx>\n")
	return out.Flush()
}

type escaped string

// Format writes the text with XML's own signs escaped.
func (e escaped) Format(s fmt.State, _ rune) { _ = xml.EscapeText(s, []byte(e)) }
