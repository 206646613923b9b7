package main

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"math"
	"strings"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/routing/patrol"
)

//go:embed sheet.html
var sheetText string

var sheetPage = template.Must(template.New("").Parse(sheetText))

// sheet is a plan as it is printed: a sheet a route, with map and steps, and one of
// the whole.
type sheet struct {
	Lang, Plan, Made, Profile, Limit, Attribution string
	Shifts                                        int
	StreetKM, RouteKM, Ratio, Longest             string
	W                                             phrases
	Routes                                        []sheetRoute
	Missed                                        []sheetMissed
}

type sheetRoute struct {
	Unit, KM, Time, Depot string
	Shift                 int
	Map                   sheetMap
	Steps                 []sheetStep
}

type sheetMissed struct{ Name, Metres, Reason string }

// writeSheets writes the plan as one HTML page that needs nothing else, for printing on
// A4. The streets are drawn grey below the routes; attribution names where they come
// from.
func writeSheets(w io.Writer, p patrol.Plan, streets []geo.Street, attribution, lang string, start clockTime) error {
	words := printed[lang]
	if start != noClock {
		words.StepList = words.byClock
	}
	s := sheet{Lang: lang, Plan: p.ID, Profile: words.profiles[p.Profile], Limit: words.hours(p.Shift.Seconds()),
		Attribution: attribution, Shifts: p.Shifts, StreetKM: fmt.Sprintf("%.1f", p.StreetMetres/1000), RouteKM: fmt.Sprintf("%.1f", p.RouteMetres/1000)}
	if !p.CreatedAt.IsZero() {
		s.Made = p.CreatedAt.Format("2006-01-02 15:04")
	}
	if p.StreetMetres > 0 {
		s.Ratio = fmt.Sprintf("× %.2f", p.RouteMetres/p.StreetMetres)
	}
	longest := 0.0
	for _, r := range p.Routes {
		longest = max(longest, r.Seconds)
		s.Routes = append(s.Routes, newSheetRoute(r, streets, words, start))
	}
	s.Longest = words.hours(longest)
	switch bound := p.Bound.Seconds(); {
	case bound <= 0:
		words.Bound = words.noBound
	case bound >= longest:
		words.Bound = fmt.Sprintf(words.proved, words.hours(bound))
	default:
		words.Bound = fmt.Sprintf(words.bound, words.hours(bound), 100*(longest/bound-1))
	}
	for _, m := range p.Missed {
		name := m.Name
		if name == "" {
			name = words.unnamed
		}
		s.Missed = append(s.Missed, sheetMissed{name + " (" + m.Street + ")", fmt.Sprintf("%.0f", float64(geo.Length(m.Line))), words.reasons[reasonKind(m.Reason)]})
	}
	s.W = words
	return sheetPage.ExecuteTemplate(w, "sheets", s)
}

func newSheetRoute(r patrol.Route, streets []geo.Street, words phrases, start clockTime) sheetRoute {
	out := sheetRoute{Unit: r.Unit, Shift: r.Shift, KM: fmt.Sprintf("%.1f", r.Metres/1000), Time: words.hours(r.Seconds),
		Depot: fmt.Sprintf("%.5f, %.5f", r.Depot[0], r.Depot[1]), Map: newSheetMap(r, streets)}
	out.Steps = sheetSteps(r.Steps, words, start)
	return out
}

// sheetMap is the drawing of one route, in units of a tenth of a millimetre or so.
type sheetMap struct {
	Width, Height int
	Route         string
	Streets       []sheetStreet
	Arrows, Marks []sheetMark
	Names         []sheetMark
	Checkpoints   []sheetMark
	Depot         sheetMark
	Scale         string
	ScaleWidth    int

	plane geo.Plane
	x, y  float64 // of the drawing's corner on the plane
	by    float64 // units a metre
}

type sheetStreet struct {
	Path string
	Main bool
}

type sheetMark struct {
	X, Y, Turn int
	Text       string
}

// The drawing's size, its margin, and how far apart arrows are, in its units.
const (
	sheetWidth, sheetHeight = 744, 672
	sheetMargin             = 30
	arrowEvery              = 70
)

func newSheetMap(r patrol.Route, streets []geo.Street) sheetMap {
	box := r.Line.Bound()
	m := sheetMap{Width: sheetWidth, Height: sheetHeight, plane: geo.NewPlane(box.Center())}
	x0, y0 := m.plane.XY(box.Min)
	x1, y1 := m.plane.XY(box.Max)
	m.by = min((sheetWidth-2*sheetMargin)/max(1, x1-x0), (sheetHeight-2*sheetMargin)/max(1, y1-y0))
	m.x, m.y = (x0+x1)/2-sheetWidth/2/m.by, (y0+y1)/2+sheetHeight/2/m.by
	m.Route = m.path(r.Line)
	m.marks(r.Line)
	m.checkpoints(r)
	depot := r.Depot
	if len(r.Line) > 0 {
		depot = r.Line[0]
	}
	x, y := m.at(depot)
	m.Depot = sheetMark{X: int(x), Y: int(y)}
	corner := orb.Bound{Min: m.plane.Point(m.x, m.y-sheetHeight/m.by), Max: m.plane.Point(m.x+sheetWidth/m.by, m.y)}
	for _, s := range streets {
		if s.Line.Bound().Intersects(corner) {
			m.Streets = append(m.Streets, sheetStreet{m.path(s.Line), s.Main()})
		}
	}
	m.names(streets, corner)
	for _, metres := range []int{10_000, 5000, 2000, 1000, 500, 200, 100, 50} {
		if m.ScaleWidth = int(float64(metres) * m.by); m.ScaleWidth <= 160 {
			m.Scale = fmt.Sprintf("%d m", metres)
			break
		}
	}
	return m
}

// at is a place in the drawing.
func (m *sheetMap) at(p orb.Point) (x, y float64) {
	x, y = m.plane.XY(p)
	return (x - m.x) * m.by, (m.y - y) * m.by
}

func (m *sheetMap) path(l orb.LineString) string {
	var b strings.Builder
	for i, p := range l {
		x, y := m.at(p)
		fmt.Fprintf(&b, "%c%.1f %.1f", "ML"[min(i, 1)], x, y)
	}
	return b.String()
}

// marks puts an arrow on the route now and then, and a number at every kilometre, or
// at every second one and so on where they would be more than thirty.
func (m *sheetMap) marks(l orb.LineString) {
	every := 1 + int(m.plane.Length(l))/30_000
	var metres, drawn float64
	for i := 1; i < len(l); i++ {
		x0, y0 := m.at(l[i-1])
		x1, y1 := m.at(l[i])
		long := math.Hypot(x1-x0, y1-y0)
		step := float64(m.plane.Distance(l[i-1], l[i]))
		if k := int(metres+step) / 1000; k > int(metres)/1000 && k%every == 0 {
			t := (float64(k*1000) - metres) / step
			m.Marks = append(m.Marks, sheetMark{X: int(x0 + t*(x1-x0)), Y: int(y0 + t*(y1-y0)), Text: fmt.Sprint(k)})
		}
		metres += step
		if drawn += long; drawn >= arrowEvery && long > 6 {
			m.Arrows = append(m.Arrows, sheetMark{X: int((x0 + x1) / 2), Y: int((y0 + y1) / 2), Turn: int(math.Atan2(y1-y0, x1-x0) * 180 / math.Pi)})
			drawn = 0
		}
	}
}

// checkpoints marks where the route comes to its checkpoints: the steps before one tell
// how many metres along the line that is.
func (m *sheetMap) checkpoints(r patrol.Route) {
	metres := 0.0
	for _, s := range r.Steps {
		if s.Turn != "checkpoint" {
			metres += s.Metres
			continue
		}
		x, y := m.at(m.along(r.Line, metres))
		m.Checkpoints = append(m.Checkpoints, sheetMark{X: int(x), Y: int(y), Text: s.Street})
	}
}

// along is the place so many metres along a line, its end where that is too far.
func (m *sheetMap) along(l orb.LineString, metres float64) (at orb.Point) {
	for i, p := range l {
		if at = p; i == 0 {
			continue
		}
		step := float64(m.plane.Distance(l[i-1], p))
		if metres < step {
			t := metres / step
			return orb.Point{l[i-1][0] + t*(p[0]-l[i-1][0]), l[i-1][1] + t*(p[1]-l[i-1][1])}
		}
		metres -= step
	}
	return at
}

// names writes the name of each street once, along its longest straight piece, where
// that is long enough for it.
func (m *sheetMap) names(streets []geo.Street, view orb.Bound) {
	const em = 11 // units a letter of the widest kind
	best := map[string]float64{}
	mark := map[string]sheetMark{}
	var order []string
	for _, s := range streets {
		for i := 1; i < len(s.Line) && s.Name != ""; i++ {
			if !view.Contains(s.Line[i-1]) || !view.Contains(s.Line[i]) {
				continue
			}
			x0, y0 := m.at(s.Line[i-1])
			x1, y1 := m.at(s.Line[i])
			if x1 < x0 {
				x0, y0, x1, y1 = x1, y1, x0, y0
			}
			long := math.Hypot(x1-x0, y1-y0)
			if long < float64(len([]rune(s.Name))*em) || long <= best[s.Name] {
				continue
			}
			if best[s.Name] == 0 {
				order = append(order, s.Name)
			}
			best[s.Name] = long
			mark[s.Name] = sheetMark{X: int((x0 + x1) / 2), Y: int((y0 + y1) / 2), Turn: int(math.Atan2(y1-y0, x1-x0) * 180 / math.Pi), Text: s.Name}
		}
	}
	for _, name := range order {
		m.Names = append(m.Names, mark[name])
	}
}
