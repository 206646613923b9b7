package api

import (
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"
)

// healthz says that the process answers.
func (s *Server) healthz(c echo.Context) error {
	return c.JSON(http.StatusOK, map[string]string{"status": "ok", "version": s.version})
}

// readyz says that the store answers too.
func (s *Server) readyz(c echo.Context) error {
	newest, err := s.feed.newest(c.Request().Context())
	if err != nil {
		return fmt.Errorf("ask the store: %w", err)
	}
	return c.JSON(http.StatusOK, map[string]any{"status": "ready", "version": s.version, "sequence": newest.Sequence})
}
