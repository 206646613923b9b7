package main

import (
	"fmt"
	"slices"
	"strings"

	"gridbeat/routing/patrol"
)

// shortPiece is the length, in metres, below which a step is a piece of a junction. Three
// or more of them behind each other are one line of the sheet: nobody reads that one turns
// left for 4 m and round again.
const shortPiece = 20

// sheetStep is one line of a sheet's list of steps.
type sheetStep struct {
	Number           int
	Text, Metres, At string
}

// sheetSteps are the lines for the steps of a route.
func sheetSteps(steps []patrol.Step, words phrases, start clockTime) []sheetStep {
	var out []sheetStep
	at := 0.0
	for i := 0; i < len(steps); {
		n := junctionPieces(steps[i:])
		line := sheetStep{Number: len(out) + 1, At: start.at(at)}
		metres := 0.0
		for _, s := range steps[i : i+n] {
			metres += s.Metres
			at += s.Seconds
		}
		switch s := steps[i]; {
		case n > 1:
			line.Text = words.junctionOf(steps[i : i+n])
		case s.Turn == "checkpoint" || s.Turn == "wait":
			line.Text = words.instruction(s.Turn, s.Street) + words.stay(s.Seconds)
		default:
			line.Text = words.instruction(s.Turn, s.Street) + words.visit(s.Visit)
		}
		if t := steps[i].Turn; t != "checkpoint" && t != "wait" && t != "arrive" {
			line.Metres = fmt.Sprintf("%.0f", metres)
		}
		out = append(out, line)
		i += n
	}
	return out
}

// junctionPieces is how many of the first steps are told as one line.
func junctionPieces(steps []patrol.Step) int {
	n := 0
	for n < len(steps) && steps[n].Metres < shortPiece && steps[n].Visit == 0 && !slices.Contains([]string{"depart", "checkpoint", "wait", "arrive"}, steps[n].Turn) {
		n++
	}
	if n < 3 {
		return 1
	}
	return n
}

// junctionOf tells to walk the pieces of a junction, with the names that are met there.
func (w phrases) junctionOf(steps []patrol.Step) string {
	var names []string
	for _, s := range steps {
		if s.Street != "" && !slices.Contains(names, s.Street) {
			names = append(names, s.Street)
		}
	}
	if len(names) == 0 {
		names = []string{w.unnamed}
	}
	return fmt.Sprintf(w.junction, strings.Join(names, " / "))
}
