package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"gridbeat/geo"
	"gridbeat/geo/job"
	"gridbeat/routing/dispatch"
)

// problem is an RFC 9457 problem: what went wrong, where, and what to do about it.
type problem struct {
	Type     string         `json:"type"`
	Title    string         `json:"title"`
	Status   int            `json:"status"`
	Detail   string         `json:"detail,omitempty"`
	Instance string         `json:"instance,omitempty"`
	Errors   []problemField `json:"errors,omitempty"`

	Allowed   []string   `json:"allowed,omitempty"`    // states that may follow, where the one asked for may not
	ChangedBy string     `json:"changed_by,omitempty"` // who changed what was to be changed
	ChangedAt *time.Time `json:"changed_at,omitempty"`
	Version   int        `json:"version,omitempty"` // that is stored now
	Job       string     `json:"job,omitempty"`     // that is in the way
}

// problemField is what is wrong with one part of a request.
type problemField struct {
	Pointer string `json:"pointer"` // JSON pointer into the body, or "/" and a query parameter's name
	Detail  string `json:"detail"`
}

const problemFields = 20 // of one answer, at most

// problemOf gives an error its status. What is not known here is the program's own
// fault, and its text is not shown.
func problemOf(err error) problem {
	var input *geo.InputError
	var tooLarge *http.MaxBytesError
	var routed *echo.HTTPError
	var illegal *dispatch.IllegalStepError
	var stale *staleError
	var taken *job.TakenError
	var edit *refusedEdit
	switch {
	case errors.As(err, &edit):
		return problem{Type: "edit-refused", Title: "The grids cannot be edited so", Status: http.StatusUnprocessableEntity,
			Detail: edit.Error(), Errors: fieldsOf(edit.findings)}
	case errors.As(err, &illegal):
		return problem{Type: "illegal-step", Title: "Not possible from the present state", Status: http.StatusConflict,
			Detail: illegal.Error(), Allowed: illegal.Allowed}
	case errors.As(err, &stale):
		return problem{Type: "stale", Title: "Changed by someone else since it was read", Status: http.StatusPreconditionFailed,
			Detail: stale.Error(), ChangedBy: stale.by, ChangedAt: &stale.at, Version: stale.version}
	case errors.Is(err, geo.ErrKeyReused):
		return problem{Type: "key-reused", Title: "The Idempotency-Key belongs to another request",
			Status: http.StatusUnprocessableEntity, Detail: "send a new key with a new request"}
	case errors.As(err, &input):
		return problem{Type: "bad-input", Title: "The request cannot be taken as it is", Status: http.StatusBadRequest,
			Detail: input.Error(), Errors: fieldsOf(input.Findings)}
	case errors.Is(err, geo.ErrNotFound):
		return problem{Type: "not-found", Title: "Not found", Status: http.StatusNotFound, Detail: err.Error()}
	case errors.Is(err, geo.ErrStale):
		return problem{Type: "stale", Title: "Changed by someone else since it was read",
			Status: http.StatusPreconditionFailed, Detail: err.Error()}
	case errors.Is(err, errForeign):
		return problem{Type: "foreign", Title: "Requests from other sites are refused", Status: http.StatusForbidden, Detail: err.Error()}
	case errors.As(err, &tooLarge):
		return problem{Type: "too-large", Title: "The request is too large", Status: http.StatusRequestEntityTooLarge,
			Detail: fmt.Sprintf("at most %d bytes are taken", tooLarge.Limit)}
	case errors.Is(err, geo.ErrUnconfirmed):
		return problem{Type: "unconfirmed", Title: "The store did not confirm the write", Status: http.StatusServiceUnavailable,
			Detail: "it may or may not have happened; send the same request again, with the same Idempotency-Key"}
	case errors.Is(err, geo.ErrUnreachable):
		return problem{Type: "unreachable", Title: "The store cannot be reached", Status: http.StatusServiceUnavailable,
			Detail: "send the same request again in a moment"}
	case errors.As(err, &taken):
		return problem{Type: "taken", Title: "Another job works on the same thing", Status: http.StatusConflict,
			Detail: taken.Error(), Job: taken.Job}
	case errors.Is(err, job.ErrState):
		return problem{Type: "job-state", Title: "Not possible in the job's present state", Status: http.StatusConflict, Detail: err.Error()}
	case errors.Is(err, geo.ErrBusy):
		return problem{Type: "busy", Title: "The store is busy", Status: http.StatusServiceUnavailable,
			Detail: "nothing was written; send the same request again in a moment"}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return problem{Type: "unavailable", Title: "The answer did not come in time", Status: http.StatusServiceUnavailable,
			Detail: "try again in a moment"}
	case errors.As(err, &routed):
		return problem{Type: "http", Title: http.StatusText(routed.Code), Status: routed.Code}
	}
	return problem{Type: "internal", Title: "The server failed", Status: http.StatusInternalServerError,
		Detail: "the failure is in the server's log"}
}

func fieldsOf(fs []geo.Finding) []problemField {
	var out []problemField
	for _, f := range fs {
		detail := f.Detail
		if f.Remedy != "" {
			detail += "; " + f.Remedy
		}
		if out = append(out, problemField{Pointer: f.Feature, Detail: detail}); len(out) == problemFields {
			break
		}
	}
	return out
}

// answerError is the one way in which a request fails.
func (s *Server) answerError(err error, c echo.Context) {
	r := c.Request()
	p := problemOf(err)
	if p.Status >= http.StatusInternalServerError && r.Context().Err() == nil {
		s.log.ErrorContext(r.Context(), "request failed", "method", r.Method, "path", r.URL.Path, "error", err)
	}
	if c.Response().Committed {
		return
	}
	p.Type = "urn:gridbeat:problem:" + p.Type
	p.Instance = r.URL.Path
	h := c.Response().Header()
	h.Del("ETag")
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	if p.Status == http.StatusServiceUnavailable {
		h.Set("Retry-After", "2")
	}
	c.Response().WriteHeader(p.Status)
	if r.Method == http.MethodHead {
		return
	}
	if err := json.NewEncoder(c.Response()).Encode(p); err != nil {
		s.log.DebugContext(r.Context(), "problem not delivered", "path", r.URL.Path, "error", err)
	}
}
