package main

import (
	"strings"
	"testing"
	"time"
)

func TestTimesOfAShiftAreThoseOfItsDay(t *testing.T) {
	start, err := parseClock("22:30")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]time.Duration{"1h30m": 90 * time.Minute, "23:00": 30 * time.Minute, "22:30": 0, "00:15": 105 * time.Minute} {
		if got, err := start.after(text); err != nil || got != want {
			t.Errorf("%s after 22:30: %v, %v", text, got, err)
		}
	}
	if got := start.at(5400); got != "00:00" {
		t.Errorf("90 minutes after 22:30 is %s", got)
	}
	if got := noClock.at(5400); got != "1:30" {
		t.Errorf("90 minutes after the start are %s", got)
	}
	if _, err := noClock.after("23:00"); err == nil || !strings.Contains(err.Error(), "--start") {
		t.Errorf("a time of day without a start: %v", err)
	}
	for _, wrong := range []string{"25:00", "8", "noon"} {
		if _, err := parseClock(wrong); err == nil {
			t.Errorf("%s is read as a time of day", wrong)
		}
	}
}

func TestCheckpointsMayBeGivenByTheClock(t *testing.T) {
	start, _ := parseClock("08:00")
	k, err := parseCheckpoint("School@113.5,22.2,09:00-09:30,5m", 4*time.Hour, start)
	if err != nil || k.From != time.Hour || k.Until != 90*time.Minute {
		t.Errorf("%+v, %v", k, err)
	}
}

func TestSheetsTellTimesOfDay(t *testing.T) {
	plan, streets := sheetPlan()
	start, _ := parseClock("08:00")
	var b strings.Builder
	if err := writeSheets(&b, plan, streets, "", "en", start); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "08:14") || strings.Contains(b.String(), "h:min since the start") {
		t.Error("the sheets do not tell times of day")
	}
}
