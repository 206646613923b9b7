package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// strip writes a graph of n squares of 100 households in a row and returns its file.
func strip(t *testing.T, n int) string {
	t.Helper()
	var nodes, edges []string
	for i := range n {
		nodes = append(nodes, "[100, 10000, 400, 200, 0, 0]")
		if i > 0 {
			edges = append(edges, fmt.Sprintf("[%d, %d, 0, 100, 0, 0]", i-1, i))
		}
	}
	return write(t, "graph.json", fmt.Sprintf(`{"nodes": [%s], "edges": [%s], "barriers": []}`, strings.Join(nodes, ", "), strings.Join(edges, ", ")))
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestSolveGridsWritesLabelsAndReport(t *testing.T) {
	report := filepath.Join(t.TempDir(), "report.json")
	out := must(t, "solve", "grids", strip(t, 9), "--time-limit", "200ms", "--threads", "1", "--report", report)
	var labels []int
	if err := json.Unmarshal([]byte(out), &labels); err != nil || len(labels) != 9 {
		t.Fatalf("%v: %s", err, out)
	}
	text, err := os.ReadFile(report)
	var r struct {
		Regions, Out int
		J            float64
	}
	if err != nil || json.Unmarshal(text, &r) != nil || r.Out != 0 || r.Regions < 2 || r.J <= 0 {
		t.Errorf("%v: %s", err, text)
	}
}

func TestSolveGridsKeepsWhatItMayOfThePlanInForce(t *testing.T) {
	previous := write(t, "previous.json", `["a", "a", "a", "b", "b", "b", "c", "c", 7]`)
	out := must(t, "solve", "grids", strip(t, 9), "--time-limit", "200ms", "--previous", previous)
	var labels []any
	if err := json.Unmarshal([]byte(out), &labels); err != nil || len(labels) != 9 {
		t.Fatalf("%v: %s", err, out)
	}
	if got := fmt.Sprint(labels); got != "[a a a b b b c c c]" {
		t.Errorf("the grid of one unit is not joined to that beside it: %s", got)
	}
}

func TestSolveGridsTellsWhatChangesHandsAndKeepsLocks(t *testing.T) {
	previous := write(t, "previous.json", `["a", "a", "a", "b", "b", "b", "c", "c", 7]`)
	dir := t.TempDir()
	for _, name := range []string{"report.txt", "report.json"} {
		must(t, "solve", "grids", strip(t, 9), "--time-limit", "200ms", "--previous", previous, "--report", filepath.Join(dir, name), "--out", filepath.Join(dir, "out.json"))
	}
	text, err := os.ReadFile(filepath.Join(dir, "report.txt"))
	if err != nil || !strings.Contains(string(text), "7                  c                         100  units [8]") {
		t.Errorf("%v: %s", err, text)
	}
	text, err = os.ReadFile(filepath.Join(dir, "report.json"))
	var r struct {
		Moved     float64
		Handovers []struct {
			From, To   string
			Households int
			Units      []int
		}
	}
	if err != nil || json.Unmarshal(text, &r) != nil || len(r.Handovers) != 1 || r.Handovers[0].To != "c" || r.Handovers[0].Households != 100 || r.Moved < 0.11 {
		t.Errorf("%v: %s", err, text)
	}
	out := must(t, "solve", "grids", strip(t, 9), "--time-limit", "200ms", "--previous", previous, "--lock", "7", "--lock", "c")
	if got := strings.TrimSpace(out); got != `["a","a","a","b","b","b","c","c",7]` {
		t.Errorf("locked grids changed: %s", got)
	}
}

func TestSolveGridsRefuses(t *testing.T) {
	good := strip(t, 4)
	tests := []struct {
		name string
		args []string
		says []string
	}{
		{"a file that is not there", []string{"nowhere.json"}, []string{"nowhere.json"}},
		{"a file that is no graph", []string{write(t, "g.json", `{"nodes": [[1, 2]]}`)}, []string{"g.json", "nodes 0"}},
		{"bounds upside down", []string{good, "--min", "9", "--max", "8"}, []string{"--min 9 --max 8"}},
		{"no time", []string{good, "--time-limit", "0s"}, []string{"--time-limit 0s"}},
		{"fewer than no threads", []string{good, "--threads=-2"}, []string{"--threads -2"}},
		{"a lock without a plan", []string{good, "--lock", "a"}, []string{"--lock a"}},
		{"a lock of nothing", []string{good, "--lock", "z", "--previous", write(t, "p.json", `[1, 2, 3, 4]`)}, []string{"--lock z"}},
		{"labels for other units", []string{good, "--previous", write(t, "p.json", `[1, 2]`)}, []string{"p.json", "2 labels for 4 units"}},
		{"labels that are none", []string{good, "--previous", write(t, "p.json", `[1, 2, 3, null]`)}, []string{"p.json", "label 3"}},
		{"labels that are fractions", []string{good, "--previous", write(t, "p.json", `[1, 2.5, 3, 4]`)}, []string{"p.json", "label 1"}},
		{"no list of labels", []string{good, "--previous", write(t, "p.json", `{}`)}, []string{"p.json", "JSON list"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "out.json")
			got := gridbeat(t, append([]string{"solve", "grids", "--out", out}, tt.args...)...)
			for _, says := range tt.says {
				if got.code != exitBad || !strings.Contains(got.stderr, says) {
					t.Errorf("exit code %d, want %d and %q in: %s", got.code, exitBad, says, got.stderr)
				}
			}
			if _, err := os.Stat(out); err == nil {
				t.Error("a file was written")
			}
		})
	}
}
