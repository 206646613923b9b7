package ingest

import (
	"encoding/json"
	"fmt"
)

// Field is one column of a record: a CSV cell (a string), or a JSON property
// (string, json.Number, bool, nil, []any or map[string]any).
type Field struct {
	Name  string
	Value any
}

// Text returns the value as text, "" where there is none.
func (f Field) Text() string {
	switch v := f.Value.(type) {
	case nil:
		return ""
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return fmt.Sprint(v)
	}
	data, err := json.Marshal(f.Value)
	if err != nil {
		return ""
	}
	return string(data)
}
