package api

import (
	"bytes"
	"fmt"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"gridbeat/geo"
)

const forever = "public, max-age=31536000, immutable"

// getPage answers the map page. It is asked for again each time; what it names
// carries its content's hash and is kept.
func (s *Server) getPage(c echo.Context) error {
	c.Response().Header().Set("Cache-Control", "no-cache")
	return c.HTMLBlob(http.StatusOK, s.page.Index())
}

// getAsset answers a file of the page. There is no file for what looks like a
// resource: those routes say so.
func (s *Server) getAsset(c echo.Context) error {
	name := strings.TrimPrefix(path.Clean(c.Request().URL.Path), "/")
	b, err := s.page.Asset(name)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Request().URL.Path, geo.ErrNotFound)
	}
	keep := "no-cache"
	if strings.HasPrefix(name, "assets/") {
		keep = forever
	}
	c.Response().Header().Set("Cache-Control", keep)
	http.ServeContent(c.Response(), c.Request(), path.Base(name), time.Time{}, bytes.NewReader(b))
	return nil
}

// getFonts answers several subsets of a font face at once, so that a page with
// Chinese text takes a few requests instead of one for every subset: for each
// subset, in the order asked for, its length as four bytes, the highest first, and
// its bytes as WOFF2.
func (s *Server) getFonts(c echo.Context) error {
	b, err := s.page.Fonts(c.Param("face"), strings.Split(c.QueryParam("subsets"), ","))
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", forever)
	return c.Blob(http.StatusOK, "application/octet-stream", b)
}
