package api

import (
	"context"

	"github.com/labstack/echo/v4"

	"gridbeat/geo"
)

// positionHeader carries how far the store's log was: an answer to a write tells it, and
// who sends it back with a read is answered from a copy only when that is as far.
const positionHeader = "Gridbeat-Position"

const positionLength = 64 // bytes at most

// follow keeps the trail of each request.
func (s *Server) follow(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		t := &geo.Trail{After: c.Request().Header.Get(positionHeader)}
		if len(t.After) > positionLength {
			return badField("/"+positionHeader, "the position is not one of this server", "send it as an answer told it")
		}
		c.SetRequest(c.Request().WithContext(geo.WithTrail(c.Request().Context(), t)))
		c.Response().Before(func() {
			if t.Wrote != "" {
				c.Response().Header().Set(positionHeader, t.Wrote)
			}
		})
		return next(c)
	}
}

// copyWillDo is the context of a read that is answered and not kept: a copy of the store
// may answer it.
func copyWillDo(c echo.Context) context.Context { return geo.MayReadCopy(c.Request().Context()) }
