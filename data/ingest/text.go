package ingest

import (
	"bytes"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"gridbeat/geo"
)

// Limits of what one text file (CSV, GeoJSON, GPX) may hold.
const (
	MaxTextBytes = 512 << 20
	MaxRows      = 5_000_000
	MaxColumns   = 1_000
	MaxCellBytes = 1 << 20
)

// readText reads a whole text file as UTF-8. Text that is not is taken as
// GB18030, which holds GBK and GB2312; that is said in the findings.
func readText(name string, r io.Reader) ([]byte, []geo.Finding, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxTextBytes+1))
	if err != nil {
		return nil, nil, fmt.Errorf("read %s: %w", name, err)
	}
	switch {
	case len(data) > MaxTextBytes:
		return nil, nil, bad(name, "file-large", "", fmt.Sprintf("the file is larger than %d bytes", MaxTextBytes), "split it")
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}) || bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		return nil, nil, bad(name, "encoding-unknown", "", "the file is UTF-16", "save it as UTF-8")
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if blank(data) {
		return nil, nil, emptyFile(name)
	}
	if bytes.IndexByte(data, 0) >= 0 {
		return nil, nil, bad(name, "encoding-unknown", "", "the file is not text", "give CSV, GeoJSON or GPX; save spreadsheets as CSV")
	}
	if utf8.Valid(data) {
		return data, nil, nil
	}
	text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
	if err != nil || bytes.ContainsRune(text, utf8.RuneError) {
		return nil, nil, bad(name, "encoding-unknown", "", "the text is neither UTF-8 nor GB18030", "save it as UTF-8")
	}
	if blank(text) { // wide blanks of GB18030
		return nil, nil, emptyFile(name)
	}
	return text, []geo.Finding{{
		Rule: "encoding-gb18030", Feature: name, Detail: "the file is not UTF-8; it was read as GB18030 (GBK)", Remedy: "save it as UTF-8 to be sure",
	}}, nil
}

func blank(text []byte) bool { return len(bytes.TrimSpace(text)) == 0 }

func emptyFile(name string) *geo.InputError {
	return bad(name, "file-empty", "", "the file is empty", "give a file with content")
}

// bad is bad input with a single finding.
func bad(source, rule, feature, detail, remedy string) *geo.InputError {
	return geo.NewInputError(source, geo.Finding{Rule: rule, Feature: feature, Detail: detail, Remedy: remedy})
}

// looksLikeJSON reports whether text begins as a JSON object or list.
func looksLikeJSON(text []byte) bool {
	t := bytes.TrimSpace(text)
	return len(t) > 0 && (t[0] == '{' || t[0] == '[')
}
