package api

import (
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"
)

// personAnswer is a member of staff or a volunteer, never a resident.
type personAnswer struct {
	ID        string  `json:"id"`
	Name      string  `json:"name"`
	Role      string  `json:"role"`
	Grid      *string `json:"grid"`
	District  *string `json:"district"`
	DutyPhone *string `json:"duty_phone"`
	Simulated bool    `json:"simulated"`
}

// listPeople answers who is on the staff. Duty phones are told only where every
// visitor has every role.
func (s *Server) listPeople(c echo.Context) error {
	ps, err := s.store.People(c.Request().Context())
	if err != nil {
		return fmt.Errorf("list people: %w", err)
	}
	items := make([]personAnswer, len(ps))
	for i, p := range ps {
		items[i] = personAnswer{ID: p.ID, Name: p.Name, Role: string(p.Role), Grid: code(p.Grid), District: code(p.District), Simulated: p.Simulated}
		if s.open {
			items[i].DutyPhone = code(p.DutyPhone)
		}
	}
	c.Response().Header().Set("Cache-Control", "no-cache")
	return c.JSON(http.StatusOK, map[string]any{"items": items, "next": nil})
}
