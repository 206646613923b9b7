package main

import (
	"encoding/json"
	"fmt"
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

// Two streets at the end of a road: two routes are shorter, one drives less in all.
const forkFile = `NOMBRE : fork
VERTICES : 4
ARISTAS_REQ : 2
ARISTAS_NOREQ : 1
LISTA_ARISTAS_REQ :
( 2, 3) coste 5 5
( 2, 4) coste 5 5
LISTA_ARISTAS_NOREQ :
( 1, 2) coste 10 10
`

func TestSolveArcsOffersPlansBetweenLongestAndTotal(t *testing.T) {
	file, out := writeFile(t, "fork.dat", forkFile), filepath.Join(t.TempDir(), "plan.json")
	said := must(t, "solve", "arcs", file, "--vehicles", "2", "--offer", "3", "--time-limit", "600ms", "--out", out, "--json")
	var offer arcsOffer
	if err := json.Unmarshal([]byte(said), &offer); err != nil {
		t.Fatal(err)
	}
	if len(offer.Plans) != 2 {
		t.Fatalf("offered %+v", offer.Plans)
	}
	for i, want := range []offeredPlan{{Longest: 30, Total: 60, Routes: 2}, {Longest: 40, Total: 40, Routes: 1}} {
		got := offer.Plans[i]
		if got.Longest != want.Longest || got.Total != want.Total || got.Routes != want.Routes || got.Bound != 30 {
			t.Errorf("plan %d: %+v", i+1, got)
		}
		plan, err := os.ReadFile(got.File)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(plan), fmt.Sprintf(`{"objective":%d,"lower_bound":30,`, want.Longest)) {
			t.Errorf("%s: %s", got.File, plan)
		}
	}
	if got := gridbeat(t, "solve", "arcs", file, "--vehicles", "2", "--offer", "2", "--out", "-"); got.code != exitBad {
		t.Errorf("an offer to stdout ends with %d", got.code)
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
		{"a negative offer", []string{good, "--vehicles", "2", "--offer=-1"}, "--offer -1"},
		{"one plan is no offer", []string{good, "--vehicles", "2", "--offer", "1"}, "2 to 20"},
		{"too many plans", []string{good, "--vehicles", "2", "--offer", "21"}, "2 to 20"},
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
