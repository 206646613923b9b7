package api

import (
	"encoding/json"
	"net"
	"net/http"
	"strings"
)

// stationHeader names the station that a request is for.
const stationHeader = "Gridbeat-Station"

// Stations answers for many stations, each from its own store: a province whose cities
// keep databases of their own. A request names its station in the header
// Gridbeat-Station, or by its host: KEY.localhost. There is no way from one station's
// server to another's.
type Stations map[string]*Server

// ServeHTTP hands a request to its station's server.
func (s Stations) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if server := s[stationOf(r)]; server != nil {
		server.ServeHTTP(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(http.StatusNotFound)
	_ = json.NewEncoder(w).Encode(problem{Type: "urn:gridbeat:problem:no-station", Title: "No such station", Status: http.StatusNotFound,
		Detail: "name the station in the header " + stationHeader + ", or open KEY.localhost", Instance: r.URL.Path})
}

// stationOf is the key of the station that a request is for, "" for none.
func stationOf(r *http.Request) string {
	if key := r.Header.Get(stationHeader); key != "" {
		return key
	}
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	key, found := strings.CutSuffix(strings.ToLower(host), ".localhost")
	if !found {
		return ""
	}
	return key
}
