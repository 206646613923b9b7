package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"gridbeat/geo"
)

// shownFindings is how many findings are listed before the rest is only counted.
const shownFindings = 20

// console is where a command talks: results to stdout, everything else to stderr.
// It belongs to one command and is not safe for concurrent use, but for step.
type console struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	quiet, json    bool
	bar            *bar
	onStep         func(stage string, done, total int) // takes the bar's place unless nil
	now            func() time.Time
}

func newConsole(stdin io.Reader, stdout, stderr io.Writer, quiet, asJSON bool) *console {
	return &console{stdin: stdin, stdout: stdout, stderr: stderr, quiet: quiet, json: asJSON, now: time.Now,
		bar: newBar(stderr, isTerminal(stderr))}
}

// say writes one message line to stderr.
func (c *console) say(format string, args ...any) {
	if c.quiet {
		return
	}
	c.endProgress()
	fmt.Fprintf(c.stderr, format+"\n", args...)
}

// log is where servers and workers tell what a person should look at.
func (c *console) log() *slog.Logger {
	return slog.New(slog.NewTextHandler(c.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
}

// result writes what the command found to stdout: v as JSON when --json is set,
// else the text.
func (c *console) result(v any, text string) error {
	c.endProgress()
	if c.json {
		enc := json.NewEncoder(c.stdout)
		enc.SetEscapeHTML(false)
		return enc.Encode(v)
	}
	_, err := fmt.Fprintln(c.stdout, text)
	return err
}

// findings lists the first of them and counts the rest.
func (c *console) findings(all []geo.Finding) {
	for i, f := range all {
		if i == shownFindings {
			c.say("  ... and %d more", len(all)-shownFindings)
			return
		}
		c.say("  %s", f)
	}
}

// step shows progress; it may be called from any goroutine.
func (c *console) step(stage string, done, total int) {
	switch {
	case c.onStep != nil:
		c.onStep(stage, done, total)
	case !c.quiet:
		c.bar.step(stage, done, total)
	}
}

func (c *console) endProgress() { c.bar.end() }

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
