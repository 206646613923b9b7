package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"gridbeat/geo"
)

const (
	heartbeatEvery = 5 * time.Second  // of a stream without news
	streamPatience = 10 * time.Second // with a listener that does not read
)

// event is what a listener is told of a change: not what it became, but what to
// read again.
type event struct {
	Sequence int64     `json:"sequence"`
	At       time.Time `json:"at"`
	Kind     string    `json:"kind"`
	ID       string    `json:"id"`
	Version  int       `json:"version"`
}

// heartbeat says up to which change the listener has been told.
type heartbeat struct {
	Sequence int64     `json:"sequence"`
	At       time.Time `json:"at"`
}

// streamEvents tells changes as server-sent events, from the one after
// Last-Event-ID (or ?after=) on, else from now. A heartbeat without an id keeps the
// page certain that it is live. Changes of accounts are left out: nobody has a role here
// until there are logins. "reset" tells one who knows a number that this log
// has not reached to read everything again.
func (s *Server) streamEvents(c echo.Context) error {
	ctx := c.Request().Context()
	newest, err := s.feed.newest(ctx)
	if err != nil {
		return err
	}
	at, err := resumeAt(c.Request(), newest.Sequence)
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	out := stream{response: c.Response(), control: http.NewResponseController(c.Response())}
	// A stream has no end of its own: the server's limits on reading and writing one
	// request do not fit it. Recorders in tests know no deadlines.
	_ = out.control.SetReadDeadline(time.Time{})
	c.Response().WriteHeader(http.StatusOK)
	if err := out.write("retry: 2000\n\n"); err != nil {
		return nil
	}
	if at > newest.Sequence {
		at = newest.Sequence
		if err := out.send("", "reset", map[string]int64{"sequence": at}); err != nil {
			return nil
		}
	}
	if err := out.beat(s.now(), at); err != nil {
		return nil
	}
	tick := time.NewTicker(feedPause)
	defer tick.Stop()
	for beat := time.Now(); ; {
		news := s.feed.hints.next()
		cs, err := s.feed.after(ctx, at)
		if err != nil {
			// Without heartbeats the listener knows that it hears nothing. The store may be
			// back in a moment, perhaps on another machine, and the log goes on.
			select {
			case <-ctx.Done():
				return nil
			case <-s.closing:
				return nil
			case <-tick.C:
			}
			continue
		}
		for _, ch := range cs {
			at = ch.Sequence
			if private(ch.Kind) {
				continue
			}
			if err := out.change(ch); err != nil {
				return nil
			}
		}
		if time.Since(beat) >= heartbeatEvery {
			if err := out.beat(s.now(), at); err != nil {
				return nil
			}
			beat = time.Now()
		}
		if len(cs) == feedPage {
			continue
		}
		select {
		case <-ctx.Done():
			return nil
		case <-s.closing:
			return nil
		case <-news:
		case <-tick.C:
		}
	}
}

// resumeAt is the last sequence number that the listener knows.
func resumeAt(r *http.Request, newest int64) (int64, error) {
	name, value := "/Last-Event-ID", r.Header.Get("Last-Event-ID")
	if value == "" {
		name, value = "/after", r.URL.Query().Get("after")
	}
	if value == "" {
		return newest, nil
	}
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil || n < 0 {
		return 0, badField(name, fmt.Sprintf("%q is no sequence number", value), "give the id of the last event that was seen")
	}
	return n, nil
}

// stream writes events to one listener, and gives up on one that does not read.
type stream struct {
	response *echo.Response
	control  *http.ResponseController
}

func (o stream) change(ch geo.Change) error {
	return o.send(strconv.FormatInt(ch.Sequence, 10), ch.Kind, event{ch.Sequence, ch.At, ch.Kind, ch.ID, ch.Version})
}

func (o stream) beat(now time.Time, sequence int64) error {
	return o.send("", "heartbeat", heartbeat{sequence, now})
}

func (o stream) send(id, kind string, data any) error {
	b, err := json.Marshal(data)
	if err != nil {
		return err
	}
	text := "event: " + kind + "\ndata: " + string(b) + "\n\n"
	if id != "" {
		text = "id: " + id + "\n" + text
	}
	return o.write(text)
}

func (o stream) write(text string) error {
	_ = o.control.SetWriteDeadline(time.Now().Add(streamPatience))
	if _, err := o.response.Write([]byte(text)); err != nil {
		return err
	}
	return o.control.Flush()
}
