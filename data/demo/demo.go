// Package demo is the sample town: central Zhuhai as OpenStreetMap knew it in
// March 2022, embedded with its attribution, and a simulation of the people, the
// incidents and the patrol tracks that no map holds. Everything simulated says so
// in its name, its text or its flag, and follows from a seed and the clock that is
// passed in.
//
// Read People, Incidents and Tracks; the program that fills a store with them is
// the demo command in cmd/gridbeat.
package demo

import (
	_ "embed"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/paulmach/orb"

	"gridbeat/geo/district"
)

//go:embed zhuhai-xiangzhou.osm.pbf
var extract []byte

// What is known about the extract.
const (
	MapFile     = "zhuhai-xiangzhou.osm.pbf"
	MapDate     = "2022-03-17"
	Attribution = "© OpenStreetMap contributors, ODbL"
	CodePrefix  = "440402000" // Xiangzhou District; no street or township is stated
	Districts   = 4           // demonstration districts, cut along main roads
)

// Bounds is the rectangle that the extract covers.
var Bounds = orb.Bound{Min: orb.Point{113.517, 22.2664}, Max: orb.Point{113.5571, 22.2881}}

// Units are the patrol units of the demonstration plan.
var Units = []string{
	"巡逻一组 (模拟)", "巡逻二组 (模拟)", "巡逻三组 (模拟)", "巡逻四组 (模拟)",
	"巡逻五组 (模拟)", "巡逻六组 (模拟)", "巡逻七组 (模拟)", "巡逻八组 (模拟)",
}

// Station returns the station of the sample town, before its homes are counted.
func Station(seed uint64) district.Station {
	return district.Station{
		Name:       "珠海香洲 (演示)",
		NameEn:     "Xiangzhou, Zhuhai (demonstration)",
		TimeZone:   "Asia/Shanghai",
		CodePrefix: CodePrefix,
		Bounds:     district.DefaultBounds,
		Map:        district.MapSource{File: MapFile, Date: MapDate, Attribution: Attribution},
		Demo:       true,
		DemoSeed:   seed,
	}
}

// WriteMap writes the extract into dir and returns its path.
func WriteMap(dir string) (string, error) {
	path := filepath.Join(dir, MapFile)
	if err := os.WriteFile(path, extract, 0o644); err != nil {
		return "", fmt.Errorf("write the embedded map: %w", err)
	}
	return path, nil
}

// chance returns the source of one part of the simulation. Each part has its own
// stream, so that more people do not move the incidents.
func chance(seed, stream uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, stream)) }

const (
	peopleStream = iota + 1
	incidentStream
	trackStream
)
