package main

import (
	"fmt"
	"time"
)

// clockTime is a time of day, after midnight; noClock where none is given.
type clockTime time.Duration

const noClock = clockTime(-1)

// parseClock reads HH:MM, and "" as no time.
func parseClock(text string) (clockTime, error) {
	if text == "" {
		return noClock, nil
	}
	t, err := time.Parse("15:04", text)
	if err != nil {
		return noClock, fmt.Errorf("%q is no time of day; give hours and minutes such as 08:30", text)
	}
	return clockTime(time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute), nil
}

// told is the time, nil where there is none.
func (start clockTime) told() *time.Duration {
	if start == noClock {
		return nil
	}
	d := time.Duration(start)
	return &d
}

// clockOf is the time that is told, noClock where none is.
func clockOf(told *time.Duration) clockTime {
	if told == nil {
		return noClock
	}
	return clockTime(*told)
}

// after reads a time after the shift's start: a duration such as 1h30m, or, where the
// start is known, the first such time of day after it.
func (start clockTime) after(text string) (time.Duration, error) {
	if d, err := time.ParseDuration(text); err == nil {
		return d, nil
	}
	t, err := parseClock(text)
	if err != nil || t == noClock || start == noClock {
		return 0, fmt.Errorf("%q is no time after the shift's start; times of day need --start", text)
	}
	return (time.Duration(t-start) + 24*time.Hour) % (24 * time.Hour), nil
}

// at tells so many seconds after the start: the time of day, or hours and minutes.
func (start clockTime) at(seconds float64) string {
	if start == noClock {
		return fmt.Sprintf("%d:%02d", int(seconds)/3600, int(seconds)/60%60)
	}
	m := (int(time.Duration(start).Seconds()) + int(seconds)) / 60 % (24 * 60)
	return fmt.Sprintf("%02d:%02d", m/60, m%60)
}
