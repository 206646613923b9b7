package api

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

const (
	bodyLimit = "4M"

	// contentPolicy lets the page load from this server only and run no text as code.
	contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; " +
		"font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

// errForeign refuses a request that came by way of another site's page.
var errForeign = errors.New("request from another site")

// guard sets the headers that every answer carries, and refuses requests by which
// a page of another site could act here (DNS rebinding, cross-site requests).
func (s *Server) guard(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		if err := s.checkOrigin(c.Request()); err != nil {
			return err
		}
		return next(c)
	}
}

func (s *Server) checkOrigin(r *http.Request) error {
	if s.open && !loopbackName(r.Host) {
		return fmt.Errorf("%w: host %q is no loopback name; open the page at http://127.0.0.1 or http://localhost", errForeign, r.Host)
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return nil
	}
	if u, err := url.Parse(origin); err != nil || u.Host != r.Host {
		return fmt.Errorf("%w: origin %q", errForeign, origin)
	}
	return nil
}

// loopbackName reports whether a Host header names this very machine.
func loopbackName(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = strings.Trim(hostport, "[]")
	}
	if host = strings.ToLower(host); host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true // no name server is ever asked for these (RFC 6761)
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// incompressible reports whether gzip would only cost time, or hold back a stream.
func incompressible(c echo.Context) bool {
	p := c.Request().URL.Path
	return p == "/api/v1/events" || strings.HasPrefix(p, "/fonts/") || strings.HasSuffix(p, ".png")
}

// logRequest notes each request once it is answered.
func (s *Server) logRequest(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		err := next(c)
		if err != nil {
			c.Error(err)
		}
		r := c.Request()
		s.log.DebugContext(r.Context(), "request answered", "method", r.Method, "path", r.URL.Path,
			"status", c.Response().Status, "bytes", c.Response().Size, "took", time.Since(start))
		return nil
	}
}

// recoverPanic answers 500 where the program is wrong, and goes on serving.
func (s *Server) recoverPanic(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			r := recover()
			if r == http.ErrAbortHandler {
				panic(r)
			}
			if r != nil {
				c.Error(fmt.Errorf("panic: %v", r))
			}
		}()
		return next(c)
	}
}
