package instance

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gridbeat/routing/arc"
)

// The small files of testdata, one a format, are drawn here: a square 1-2-3-4 with
// a tail 4-5.
//
//	1 --- 2
//	|     |
//	4 --- 3
//	|
//	5
func read(t *testing.T, name string) *Instance {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	in, err := Read(bytes.NewReader(b), name)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// solved solves the instance, judges the answer and returns it.
func solved(t *testing.T, in *Instance, o Options) Answer {
	t.Helper()
	p, err := in.Plan(t.Context(), "file", o)
	if err != nil {
		t.Fatal(err)
	}
	r := arc.Solve(context.Background(), p.Problem, arc.Options{Seed: 1, Iterations: 2000})
	if err := r.Solution.Check(p.Problem); err != nil {
		t.Fatal(err)
	}
	a, err := p.Answer(r)
	if err != nil {
		t.Fatal(err)
	}
	if len(o.Depots) == 0 {
		o.Depots = []int{in.Depot}
	}
	if err := judge(in, o, a); err != nil {
		t.Fatal(err)
	}
	return a
}

func TestSmallFilesHaveKnownOptima(t *testing.T) {
	tests := []struct {
		name, file string
		o          Options
		want       int
	}{
		{"a windy file, one vehicle around the square and down the tail", "windy.dat", Options{Vehicles: 1}, 46},
		{"a windy file, two vehicles share", "windy.dat", Options{Vehicles: 2}, 38},
		{"a CARP file: the capacity takes two routes", "carp.dat", Options{Objective: arc.Total}, 80},
		{"a CARP file in English that counts from 0", "zero.dat", Options{Objective: arc.Total}, 80},
		{"a CARP file with a second depot", "carp.dat", Options{Objective: arc.Total, Depots: []int{1, 3}}, 80},
		{"turns: round the square, where going back is forbidden", "turns.dat", Options{Objective: arc.Total}, 44},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.o.Threads = 2
			if a := solved(t, read(t, tt.file), tt.o); a.Objective != tt.want || a.Bound > a.Objective {
				t.Errorf("objective %d, want %d; bound %d; %v", a.Objective, tt.want, a.Bound, a.Routes)
			}
		})
	}
}

func TestOldFilesEndTheirOwnWay(t *testing.T) {
	b, err := os.ReadFile("testdata/windy.dat")
	if err != nil {
		t.Fatal(err)
	}
	in, err := Read(strings.NewReader(strings.ReplaceAll(string(b), "\n", "\r\n")+"1\r\n100\r\n\r\n\x1a"), "f")
	if err != nil || len(in.Streets) != 5 {
		t.Errorf("%+v, %v", in, err)
	}
}

func TestAnswersAreJSON(t *testing.T) {
	a := solved(t, read(t, "carp.dat"), Options{Objective: arc.Total, Threads: 1})
	var b bytes.Buffer
	if err := a.Write(&b); err != nil {
		t.Fatal(err)
	}
	var back Answer
	if err := json.Unmarshal(b.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	if back.Objective != a.Objective || len(back.Routes) != len(a.Routes) {
		t.Errorf("%+v came back as %+v", a, back)
	}
}

func TestFilesThatAreWrong(t *testing.T) {
	tests := []struct{ name, file, old, new, says string }{
		{"a cost that is no number", "carp.dat", "coste 10 demanda 3", "coste x demanda 3", "f:11: cost:"},
		{"a demand above the capacity", "carp.dat", "coste 10 demanda 3", "coste 10 demanda 9", "f:11: demand:"},
		{"a street too few", "carp.dat", "( 4, 1) coste 10 demanda 3\n", "", "f:14: required:"},
		{"a street too many", "carp.dat", "ARISTAS_REQ : 4", "ARISTAS_REQ : 3", "f:14: required:"},
		{"an unknown key", "carp.dat", "VERTICES", "VERTICS", "f:3: unknown key"},
		{"a key given twice", "carp.dat", "VERTICES : 5\n", "VERTICES : 5\nVERTICES : 5\n", "f:4: nodes:"},
		{"no depot", "carp.dat", "DEPOSITO : 1\n", "", "f: depot:"},
		{"a depot that is no node", "carp.dat", "DEPOSITO : 1", "DEPOSITO : 7", "f: depot:"},
		{"a node that is not there", "windy.dat", "(  4,  5)", "(  4,  6)", "f:11: node:"},
		{"one cost of two", "windy.dat", "coste    3     5", "coste    3", "f:11:"},
		{"costs that cannot be added", "windy.dat", "coste    3     5", "coste 268435456 268435456", "f:11: cost:"},
		{"a turn given twice", "turns.dat", "2\t1\t4\t1\tL", "1\t2\t3\t1\tL", "f:36:"},
		{"another number of required arcs", "turns.dat", "#Required-A:\t1", "#Required-A:\t2", "#Required-A"},
		{"a header line missing", "turns.dat", "Depot:\t1\n", "", "f:4: Depot:"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b, err := os.ReadFile(filepath.Join("testdata", tt.file))
			if err != nil {
				t.Fatal(err)
			}
			text := strings.Replace(string(b), tt.old, tt.new, 1)
			if text == string(b) {
				t.Fatalf("%q is not in the file", tt.old)
			}
			_, err = Read(strings.NewReader(text), "f")
			var bad *InputError
			if !errors.As(err, &bad) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("says %v, want %q", err, tt.says)
			}
		})
	}
}

func TestWhatCannotBeReachedIsNamed(t *testing.T) {
	b, err := os.ReadFile("testdata/windy.dat")
	if err != nil {
		t.Fatal(err)
	}
	in, err := Read(strings.NewReader(strings.Replace(string(b), "coste    3     5", "coste    3  9999", 1)), "f")
	if err != nil {
		t.Fatal(err)
	}
	if _, err = in.Plan(t.Context(), "f", Options{Vehicles: 1}); !errors.Is(err, arc.ErrImpossible) || !strings.Contains(err.Error(), "f:11") {
		t.Errorf("a street with no way back: %v", err)
	}
}

// FuzzRead reads anything: it is refused with an InputError, or it can be planned
// or is refused then.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"windy.dat", "carp.dat", "zero.dat", "turns.dat"} {
		b, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		in, err := Read(bytes.NewReader(b), "f")
		var bad *InputError
		if err != nil {
			if !errors.As(err, &bad) {
				t.Fatalf("no InputError: %v", err)
			}
			return
		}
		if in.Last-in.First > 1000 || len(in.Streets) > 100 {
			return
		}
		o := Options{Vehicles: 3, Threads: 1, Depots: []int{in.Depot}}
		p, err := in.Plan(t.Context(), "f", o)
		if err != nil {
			return
		}
		r := arc.Solve(context.Background(), p.Problem, arc.Options{Seed: 1, Iterations: 3})
		if !r.Feasible {
			return
		}
		a, err := p.Answer(r)
		if err == nil {
			err = judge(in, o, a)
		}
		if err != nil {
			t.Fatal(err)
		}
	})
}

// TestBenchmarkFilesAreSolvedAndJudged takes files with turns, and one with several
// depots, which no other program at hand reads.
func TestBenchmarkFilesAreSolvedAndJudged(t *testing.T) {
	const folder = "../../../../shared/data/arc-routing"
	files, err := filepath.Glob(filepath.Join(folder, "mcgrp-tp", "*.dat"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skip("../shared is absent")
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) { solvedFile(t, file, Options{Objective: arc.Total}) })
	}
	t.Run("four depots", func(t *testing.T) {
		file := filepath.Join(folder, "carp-egl", "egl-e1-A.dat")
		one := solvedFile(t, file, Options{Objective: arc.Total})
		four := solvedFile(t, file, Options{Objective: arc.Total, Depots: []int{1, 25, 50, 75}})
		if four.Objective >= one.Objective {
			t.Errorf("four depots: %d, one: %d", four.Objective, one.Objective)
		}
	})
}

func solvedFile(t *testing.T, file string, o Options) Answer {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	in, err := Read(f, file)
	if err != nil {
		t.Fatal(err)
	}
	o.Threads = 2
	return solved(t, in, o)
}
