package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const squareFile = `NOMBRE : square
VERTICES : 4
ARISTAS_REQ : 4
ARISTAS_NOREQ : 0
LISTA_ARISTAS_REQ :
( 1, 2) coste 10 12
( 2, 3) coste 10 12
( 3, 4) coste 10 12
( 4, 1) coste 10 12
`

func TestSolveArcsWritesAPlanThatIsProved(t *testing.T) {
	file, out := writeFile(t, "square.dat", squareFile), filepath.Join(t.TempDir(), "plan.json")
	said := must(t, "solve", "arcs", file, "--vehicles", "2", "--time-limit", "100ms", "--out", out)
	if !strings.HasPrefix(said, "objective 40, bound 40 (farthest task), optimal; ") {
		t.Errorf("said %q", said)
	}
	plan, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(plan), `"steps":[[1,1,2,1]`) {
		t.Errorf("the plan: %s", plan)
	}
}

func TestSolveArcsRefusesWhatItCannotDo(t *testing.T) {
	good := writeFile(t, "square.dat", squareFile)
	bad := writeFile(t, "bad.dat", strings.Replace(squareFile, "coste 10 12", "coste ten 12", 1))
	out := filepath.Join(t.TempDir(), "plan.json")
	tests := []struct {
		name string
		args []string
		says string
	}{
		{"a cost that is no number", []string{bad, "--vehicles", "2"}, "bad.dat:6: cost: \"ten\""},
		{"no vehicles", []string{good}, "--vehicles K"},
		{"a depot that is no node", []string{good, "--vehicles", "2", "--depots", "1,9"}, "depots: there is no node 9"},
		{"no time", []string{good, "--vehicles", "2", "--time-limit", "0s"}, "--time-limit 0s"},
		{"an unknown objective", []string{good, "--vehicles", "2", "--objective", "fast"}, "must be one of"},
		{"no file", []string{good + "x", "--vehicles", "2"}, "no such file"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := gridbeat(t, append(append([]string{"solve", "arcs"}, tt.args...), "--out", out)...)
			if got.code != exitBad || !strings.Contains(got.stderr, tt.says) {
				t.Errorf("exit code %d: %s", got.code, got.stderr)
			}
			if _, err := os.Stat(out); err == nil {
				t.Error("a plan is written")
			}
		})
	}
}
