package ingest

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"gridbeat/geo"
)

// Table is a CSV file: a header and rows of as many cells.
type Table struct {
	Name     string
	Header   []string
	Rows     []Row
	Findings []geo.Finding // what was told about the file, such as its encoding
}

// Row is one row of a table and the line at which it begins, counted from 1.
type Row struct {
	Line  int
	Cells []string
}

// ReadTable reads a CSV file, separated by commas, semicolons or tabs as its
// header shows. It copes with a byte order mark, CRLF and GBK. A row that is
// shorter or longer than the header, a column name that is empty or occurs twice,
// and a file beyond the limits of this package are *geo.InputError.
func ReadTable(name string, r io.Reader) (*Table, error) {
	text, findings, err := readText(name, r)
	if err != nil {
		return nil, err
	}
	t, err := parseTable(name, text)
	if err != nil {
		return nil, err
	}
	t.Findings = findings
	return t, nil
}

func parseTable(name string, text []byte) (*Table, error) {
	c := csv.NewReader(bytes.NewReader(text))
	c.Comma = separator(text)
	c.FieldsPerRecord = -1
	t := &Table{Name: name}
	for {
		cells, err := c.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, tableError(name, err)
		}
		line, _ := c.FieldPos(0)
		if t.Header == nil {
			t.Header = cells
			continue
		}
		if len(t.Rows) >= MaxRows {
			return nil, bad(name, "file-large", lineName(line), fmt.Sprintf("there are more than %d rows", MaxRows), "split the file")
		}
		for i, cell := range cells {
			if len(cell) > MaxCellBytes {
				return nil, bad(name, "cell-large", lineName(line), fmt.Sprintf("cell %d holds more than %d bytes", i+1, MaxCellBytes), "shorten it")
			}
			cells[i] = strings.TrimSpace(cell)
		}
		t.Rows = append(t.Rows, Row{Line: line, Cells: cells})
	}
	return t, t.square()
}

func lineName(line int) string { return fmt.Sprintf("line %d", line) }

func tableError(name string, err error) error {
	var p *csv.ParseError
	if errors.As(err, &p) {
		return bad(name, "csv-broken", lineName(p.Line), p.Err.Error(), "write quotes inside a cell twice, and quote the cell")
	}
	return fmt.Errorf("read %s: %w", name, err)
}

// separator is what occurs most in the first line.
func separator(text []byte) rune {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	best, most := ',', bytes.Count(line, []byte(","))
	for _, s := range []rune{';', '\t'} {
		if n := bytes.Count(line, []byte(string(s))); n > most {
			best, most = s, n
		}
	}
	return best
}

// square checks that every row fits the header. Columns at the end without a name
// and without any value, as spreadsheets write them, are dropped.
func (t *Table) square() error {
	if len(t.Header) > MaxColumns {
		return bad(t.Name, "file-large", "line 1", fmt.Sprintf("there are more than %d columns", MaxColumns), "leave out what is not needed")
	}
	for i, h := range t.Header {
		t.Header[i] = strings.TrimSpace(h)
	}
	width := len(t.Header)
	for width > 0 && t.Header[width-1] == "" {
		width--
	}
	for i, r := range t.Rows {
		for len(r.Cells) > width && r.Cells[len(r.Cells)-1] == "" {
			r.Cells = r.Cells[:len(r.Cells)-1]
		}
		if len(r.Cells) != width {
			return bad(t.Name, "row-length", lineName(r.Line), fmt.Sprintf("the row has %d cells, the header %d", len(r.Cells), width), "give every row a cell for each column")
		}
		t.Rows[i] = r
	}
	t.Header = t.Header[:width]
	seen := map[string]bool{}
	for i, h := range t.Header {
		if h == "" {
			return bad(t.Name, "header-empty", "line 1", fmt.Sprintf("column %d has no name", i+1), "name it or delete it")
		}
		if key := strings.ToLower(h); seen[key] {
			return bad(t.Name, "header-twice", "line 1", fmt.Sprintf("two columns are named %q", h), "rename one")
		} else {
			seen[key] = true
		}
	}
	return nil
}

// column returns the index of the first column with one of the names, -1 when
// there is none; case does not matter.
func (t *Table) column(names ...string) int {
	for _, n := range names {
		for i, h := range t.Header {
			if strings.EqualFold(h, n) {
				return i
			}
		}
	}
	return -1
}
