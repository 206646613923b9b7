package api

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"gridbeat/geo/job"
)

// The kinds of jobs that requests ask for; their inputs are DrawJob, PlanJob and
// ImportJob, and none for a match.
const (
	JobDraw   = "draw"
	JobPlan   = "plan"
	JobImport = "import"
	JobMatch  = "match"
)

// jobAnswer is a job as the API tells it.
type jobAnswer struct {
	ID        string          `json:"id"`
	Kind      string          `json:"kind"`
	Input     json.RawMessage `json:"input"`
	State     job.State       `json:"state"`
	Attempt   int             `json:"attempt"`
	Stage     string          `json:"stage"`
	Done      int             `json:"done"`
	Total     int             `json:"total"` // 0 when the end is not known
	Result    json.RawMessage `json:"result"`
	Error     *string         `json:"error"`
	CreatedAt time.Time       `json:"created_at"`
	StartedAt *time.Time      `json:"started_at"`
	EndedAt   *time.Time      `json:"ended_at"`
	Version   int             `json:"version"`
}

func tellJob(j job.Job, zone *time.Location) jobAnswer {
	return jobAnswer{ID: j.ID, Kind: j.Kind, Input: j.Input, State: j.State, Attempt: j.Attempt, Stage: j.Stage, Done: j.Done,
		Total: j.Total, Result: j.Result, Error: code(j.Error), CreatedAt: j.CreatedAt.In(zone),
		StartedAt: moment(j.StartedAt, zone), EndedAt: moment(j.EndedAt, zone), Version: j.Version}
}

// moment is a time that may be unknown: null.
func moment(t time.Time, zone *time.Location) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.In(zone)
	return &t
}

func (s *Server) writeJob(c echo.Context, status int, j job.Job) error {
	f, err := s.frameNow(c.Request().Context())
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-cache")
	return c.JSON(status, tellJob(j, f.zone))
}

// addJob queues what a request asks for and answers 202 with the job. An Idempotency-Key
// makes a repeated request safe: it is answered with the job that the first one made.
func (s *Server) addJob(c echo.Context, kind, subject string, input any, body, payload []byte) error {
	key := c.Request().Header.Get("Idempotency-Key")
	if len(key) > keyLimit {
		return badField("/Idempotency-Key", "the key is too long", fmt.Sprintf("send at most %d bytes", keyLimit))
	}
	text, err := json.Marshal(input)
	if err != nil {
		return fmt.Errorf("write the job's input: %w", err)
	}
	id, err := s.newID()
	if err != nil {
		return err
	}
	print := sha256.Sum256(append([]byte(kind+"\n"), body...))
	j, added, err := s.store.AddJob(c.Request().Context(), job.New{ID: id, Kind: kind, Subject: subject, Input: text, Payload: payload,
		Key: key, Fingerprint: hex.EncodeToString(print[:]), At: s.now()})
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Location", "/api/v1/jobs/"+j.ID)
	if !added {
		h.Set("Idempotent-Replayed", "true")
	}
	return s.writeJob(c, http.StatusAccepted, j)
}

// getJob answers one job: how far it is, or what came of it.
func (s *Server) getJob(c echo.Context) error {
	j, err := s.store.Job(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	return s.writeJob(c, http.StatusOK, j)
}

// listJobs answers the newest jobs.
func (s *Server) listJobs(c echo.Context) error {
	ctx := c.Request().Context()
	limit := pageDefault
	if text := c.QueryParam("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > pageMost {
			return badField("/limit", fmt.Sprintf("limit %q is no number from 1 to %d", text, pageMost), "give such a number")
		}
		limit = n
	}
	f, err := s.frameNow(ctx)
	if err != nil {
		return err
	}
	jobs, err := s.store.Jobs(ctx, limit)
	if err != nil {
		return err
	}
	items := make([]jobAnswer, len(jobs))
	for n, j := range jobs {
		items[n] = tellJob(j, f.zone)
	}
	c.Response().Header().Set("Cache-Control", "no-cache")
	return c.JSON(http.StatusOK, map[string]any{"items": items, "next": nil})
}

// cancelJob ends a job that waits or runs; what its worker has not committed is lost.
func (s *Server) cancelJob(c echo.Context) error {
	j, err := s.store.CancelJob(c.Request().Context(), c.Param("id"), s.now())
	if err != nil {
		return err
	}
	return s.writeJob(c, http.StatusOK, j)
}

// retryJob queues a job that failed or was cancelled.
func (s *Server) retryJob(c echo.Context) error {
	j, err := s.store.RetryJob(c.Request().Context(), c.Param("id"), s.now())
	if err != nil {
		return err
	}
	return s.writeJob(c, http.StatusAccepted, j)
}
