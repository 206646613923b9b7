package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gridbeat/geo"
)

func TestProgressOnATerminalRedrawsOneLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		b := newBar(&out, true)
		b.step("read", 0, 4)
		b.step("read", 1, 4) // too soon to be drawn
		time.Sleep(barEvery)
		b.step("read", 2, 4)
		b.step("read", 4, 4)
		time.Sleep(time.Second)
		b.step("cut", 7, 0)
		b.end()
		lines := strings.Split(out.String(), "\r\x1b[K")
		want := []string{"",
			"read                         [                              ]   0 %",
			"read                         [===============               ]  50 %",
			"read                         [==============================] 100 %",
			"read                         1.1 s\n",
			"cut                          7",
			"cut                          0.0 s\n",
		}
		if got, want := strings.Join(lines, "|"), strings.Join(want, "|"); got != want {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	})
}

func TestProgressElsewhereIsALineForEachStage(t *testing.T) {
	var out bytes.Buffer
	b := newBar(&out, false)
	for i := range 5 {
		b.step("read", i, 5)
	}
	b.step("cut", 0, 0)
	b.end()
	if got := out.String(); got != "read ...\ncut ...\n" {
		t.Errorf("got %q", got)
	}
}

func TestFindingsAreCountedAfterTwenty(t *testing.T) {
	var out bytes.Buffer
	con := newConsole(nil, nil, &out, false, false)
	all := make([]geo.Finding, 23)
	for i := range all {
		all[i] = geo.Finding{Rule: "ring-open", Feature: fmt.Sprintf("w%d", i), Detail: "the ring is open"}
	}
	con.findings(all)
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if len(lines) != 21 || lines[20] != "  ... and 3 more" || lines[0] != "  w0: the ring is open (ring-open)" {
		t.Errorf("got %d lines: %q", len(lines), lines)
	}
}

func TestQuietSaysNothing(t *testing.T) {
	var out bytes.Buffer
	con := newConsole(nil, nil, &out, true, false)
	con.say("hello")
	con.step("read", 1, 2)
	con.endProgress()
	if out.Len() > 0 {
		t.Errorf("said %q", out.String())
	}
}
