package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// barEvery is the shortest time between two drawings of the bar.
const barEvery = 100 * time.Millisecond

const barWidth = 30

// bar shows how far a long task is: one line that redraws itself on a terminal,
// one plain line a stage elsewhere. It is safe for concurrent use.
type bar struct {
	mu       sync.Mutex
	w        io.Writer
	terminal bool
	stage    string    // shown now, "" for none
	started  time.Time // of the stage
	drawn    time.Time
}

func newBar(w io.Writer, terminal bool) *bar { return &bar{w: w, terminal: terminal} }

// step shows the stage at done of total; total 0 means that the end is not known.
func (b *bar) step(stage string, done, total int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	if stage != b.stage {
		b.finish(now)
		b.stage, b.started, b.drawn = stage, now, time.Time{}
		if !b.terminal {
			fmt.Fprintf(b.w, "%s ...\n", stage)
		}
	}
	if !b.terminal || (now.Sub(b.drawn) < barEvery && done != total) {
		return
	}
	b.drawn = now
	fmt.Fprintf(b.w, "\r\x1b[K%-28s %s", stage, drawBar(done, total))
}

// end leaves the line of the last stage as it is and begins a new one.
func (b *bar) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.finish(time.Now())
	b.stage = ""
}

// finish replaces the bar of the stage by the time it took.
func (b *bar) finish(now time.Time) {
	if b.stage != "" && b.terminal {
		fmt.Fprintf(b.w, "\r\x1b[K%-28s %.1f s\n", b.stage, now.Sub(b.started).Seconds())
	}
}

func drawBar(done, total int) string {
	if total <= 0 {
		return fmt.Sprintf("%d", done)
	}
	full := min(barWidth, max(0, barWidth*done/total))
	return fmt.Sprintf("[%s%s] %3d %%", strings.Repeat("=", full), strings.Repeat(" ", barWidth-full), 100*done/total)
}
