package main

import (
	"fmt"
	"os"
	"strings"

	"gridbeat/data/ingest"
	"gridbeat/geo"
	"gridbeat/routing/patrol"
)

// streetIDs reads the values of a flag that names streets: ids, or files that list them.
func streetIDs(flag string, values []string) ([]string, error) {
	var ids []string
	for _, v := range values {
		v = strings.TrimSpace(v)
		if _, err := os.Stat(v); err == nil {
			f, err := os.Open(v)
			if err != nil {
				return nil, err
			}
			listed, err := ingest.ReadStreetList(v, f)
			f.Close()
			if err != nil {
				return nil, err
			}
			ids = append(ids, listed...)
			continue
		}
		if v == "" || strings.ContainsAny(v, `./\`) {
			return nil, fmt.Errorf("%s %s: there is no such file; give ids of streets, or a CSV or GeoJSON file with a column id", flag, v)
		}
		ids = append(ids, v)
	}
	return ids, nil
}

// serviceLevels reads a file of service levels, none without a name.
func serviceLevels(name string) ([]patrol.Service, error) {
	if name == "" {
		return nil, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("--service-level: %w", err)
	}
	defer f.Close()
	return ingest.ReadServices(name, f)
}

// servedStreets are the ids of the services' streets.
func servedStreets(services []patrol.Service) (ids []string) {
	for _, s := range services {
		ids = append(ids, s.Street)
	}
	return ids
}

// mostUnknown is how many unknown streets are told.
const mostUnknown = 20

// knownStreets refuses ids that no street has.
func knownStreets(source string, ids []string, streets []geo.Street) error {
	if len(ids) == 0 {
		return nil
	}
	known := make(map[string]bool, len(streets))
	for _, s := range streets {
		known[s.ID] = true
	}
	bad := &geo.InputError{Source: source}
	for _, id := range ids {
		if !known[id] && len(bad.Findings) < mostUnknown {
			bad.Findings = append(bad.Findings, geo.Finding{Rule: "street-unknown", Feature: "street " + id, Detail: "the store has no such street",
				Remedy: "take ids from: gridbeat export streets"})
		}
	}
	if len(bad.Findings) > 0 {
		return bad
	}
	return nil
}
