package storetest

import (
	"fmt"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/geo/district"
	"gridbeat/routing/dispatch"
	"gridbeat/routing/patrol"
)

// The town is one of every thing with every field set, in the order in which the
// store gives it back. Coordinates have all seven decimals, and some have more
// bits than that.

func square(west, south, side float64) orb.Polygon {
	e, n := west+side, south+side
	return orb.Polygon{{{west, south}, {e, south}, {e, n}, {west, n}, {west, south}}}
}

func pierced(west, south, side float64) orb.Polygon {
	hole := square(west+side/4, south+side/4, side/2)[0]
	hole.Reverse()
	return append(square(west, south, side), hole)
}

func townStreets() []geo.Street {
	return []geo.Street{
		{ID: "w1001", Name: "梅华东路", NameEn: "Meihua Road East", Class: "primary",
			Tags:  map[string]string{"oneway": "yes", "surface": "asphalt", "note": `a "quoted" \ value, 引号`},
			Nodes: []int64{11, 12, 9007199254740993}, // beyond what a float64 can count
			Line:  orb.LineString{{113.5411111, 22.2711111}, {113.5422222, 22.2711112}, {113.54333330000001, 22.2722222}}},
		{ID: "w2", Class: "service", Nodes: []int64{-5, 12}, Line: orb.LineString{{113.55, 22.27}, {113.5422222, 22.2711112}}},
		{ID: "w20", Name: "O'Hara's; DROP TABLE streets; --", Class: "residential", Tags: map[string]string{"oneway": "-1"},
			Nodes: []int64{1, 2}, Line: orb.LineString{{-179.9999999, -89.9999999}, {179.9999999, 89.9999999}}},
	}
}

func townMap() *geo.StreetMap {
	return &geo.StreetMap{
		Streets: townStreets(),
		Posts: []geo.Post{
			{Node: 2, At: orb.Point{113.5422222, 22.2711112}, Tags: map[string]string{"barrier": "gate", "access": "private"}},
			{Node: 12, At: orb.Point{113.55, 22.27}},
		},
		Restrictions: []geo.Restriction{
			{ID: "r10", Kind: "no_left_turn", From: "w1001", ViaNode: 12, To: "w2", Except: []string{"bicycle", "psv"}},
			{ID: "r9", Kind: "no_u_turn", From: "w1001", ViaWays: []string{"w20", "w2"}, To: "w1001"},
		},
		Barriers: []geo.Barrier{
			{ID: "r77", Kind: "water", Line: orb.LineString{{113.5, 22.2}, {113.51, 22.21}}},
			{ID: "r77", Kind: "water", Line: orb.LineString{{113.4, 22.1}, {113.41, 22.11}, {113.4, 22.12}}},
			{ID: "w5", Kind: "rail", Line: orb.LineString{{113.5, 22.3}, {113.6, 22.31}}},
		},
	}
}

func townDistricts() []geo.District {
	return []geo.District{
		{Code: "01", Name: "东区 (East)", Outline: orb.MultiPolygon{square(113.5, 22.2, 0.0100001), pierced(113.6, 22.2, 0.0100001)}, Households: 812},
		{Code: "02", Name: "西区", Outline: orb.MultiPolygon{square(113.4, 22.2, 0.0123457)}, Households: 377},
	}
}

func townCommunities() []geo.Community {
	return []geo.Community{
		{Code: "440402001001", Name: "梅华社区", District: "01", Outline: orb.MultiPolygon{square(113.5, 22.2, 0.005)}, Households: 400},
		{Code: "440402001002", Name: "无名", District: "02", Outline: orb.MultiPolygon{pierced(113.4, 22.2, 0.005)}},
	}
}

func townCompounds() []geo.Compound {
	return []geo.Compound{
		{ID: "c1", Name: "翠微苑", Origin: "landuse", Outline: pierced(113.501, 22.201, 0.001), Households: 120},
		{ID: "c2", Origin: "import", Outline: square(113.503, 22.201, 0.0000001)},
	}
}

func townBuildings() []geo.Building {
	return []geo.Building{
		{ID: "b1", Kind: "apartments", Name: "1号楼 🏢", At: orb.Point{113.5012345, 22.2012345}, Outline: square(113.501, 22.201, 0.0005),
			Levels: 6.5, Households: 48, Source: geo.Derived, Compound: "c1"},
		{ID: "b2", Kind: "point", At: orb.Point{113.5099999, 22.2099999}, Households: 3, Source: geo.Assumed},
		{ID: "b3", Kind: "house", At: orb.Point{113.4000001, 22.2000001}, Outline: pierced(113.4, 22.2, 0.0005), Source: geo.Given},
	}
}

func townStation() district.Station {
	return district.Station{
		Name: "梅华派出所", NameEn: "Meihua Station", TimeZone: "Asia/Shanghai", CodePrefix: "440402001",
		Bounds: district.Bounds{Min: 150, Max: 500},
		Map:    district.MapSource{File: "zhuhai.osm.pbf", Date: "2022-03-01", Attribution: "© OpenStreetMap contributors, ODbL"},
		Homes:  district.HomesSource{Rule: "footprint × levels", GivenShare: 0.1, DerivedShare: 0.2, AssumedShare: 0.7},
		Demo:   true, DemoSeed: 1<<64 - 1,
	}
}

func townBlocks() []geo.Block {
	return []geo.Block{
		{ID: "f1", District: "01", Community: "440402001001", Households: 12, Outline: pierced(113.5, 22.2, 0.0012345)},
		{ID: "k1", District: "01", Compound: "c1", Households: 412, Outline: square(113.5003086, 22.2003086, 0.0006173)},
		{ID: "x", District: "02", Outline: square(113.4, 22.2, 0.0123457)},
	}
}

func townPeople() []dispatch.Person {
	return []dispatch.Person{
		{ID: "p1", Name: "陈一", Role: dispatch.Leader, DutyPhone: "110", Grid: "440402001900001", District: "01", Simulated: true},
		{ID: "p2", Name: "Li Er", Role: dispatch.Officer, District: "01"},
	}
}

func townIncidents() []dispatch.Incident {
	reported := day(3).Add(7*time.Hour + 123*time.Millisecond)
	return []dispatch.Incident{
		{ID: "incident-02", Number: "20260103-0001", Category: dispatch.Dispute, Priority: dispatch.Normal, State: dispatch.Filed,
			Point: orb.Point{113.5055555, 22.2055555}, Grid: "440402001900001", District: "01", How: "inside", Level: "member",
			Responsible: "陈一", Text: "噪音\nline two", ReportedAt: reported, AnswerDueAt: reported.Add(dispatch.AnswerWithin),
			CloseDueAt: reported.Add(dispatch.CloseWithin), Version: 2, Simulated: true},
		{ID: "incident-01", Number: "20260103-0002", Category: dispatch.Tip, Priority: dispatch.Urgent, State: dispatch.Reported,
			Point: orb.Point{120, 30}, How: "outside", Metres: 812345.5, Level: "command", ReportedAt: reported.Add(time.Hour), Version: 1},
	}
}

func townPositions() []patrol.Position {
	at := day(3).Add(8 * time.Hour)
	return []patrol.Position{
		{Unit: "甲", At: at, Point: orb.Point{113.5011111, 22.2011111}, Accuracy: 4.5, Simulated: true},
		{Unit: "A", At: at.Add(time.Millisecond), Point: orb.Point{113.5, 22.2}},
		{Unit: "甲", At: at.Add(5 * time.Second), Point: orb.Point{113.5022222, 22.2022222}, Accuracy: 3, Simulated: true},
	}
}

func townDraft(id string, version int) district.Draft {
	return district.Draft{
		ID: id, Seed: 1<<63 + 7, Bounds: district.Bounds{Min: 100, Max: 400}, Version: version,
		CreatedAt: day(2).Add(345 * time.Millisecond),
		Grids: []district.Grid{
			{Code: "440402001900001", Name: "东区第1网格", District: "01", Community: "440402001001", Households: 412,
				Exceptions: []string{"over:building The building b1 alone holds 412.", "multipart 水系"}, Outline: square(113.5, 22.2, 0.0100001), Locked: true},
			{Code: "440402001900002", Name: "东区第2网格", District: "01", Households: 400, Outline: pierced(113.6, 22.2, 0.0100001)},
			{Code: "440402002900001", Name: "西区第1网格", District: "02", Households: 377, Outline: square(113.4, 22.2, 0.0123457)},
		},
		Districts: []geo.District{
			{Code: "01", Name: "东区 (East)", Households: 812, Outline: orb.MultiPolygon{
				{{{113.5, 22.2}, {113.505, 22.2}, {113.5100001, 22.2}, {113.5100001, 22.2100001}, {113.5, 22.2100001}, {113.5, 22.2}}}, // one vertex more
				pierced(113.6, 22.2, 0.0100001)}},
			{Code: "02", Name: "西区", Households: 377, Outline: orb.MultiPolygon{square(113.4, 22.2, 0.0123457)}},
		},
	}
}

func townPlan(id string) patrol.Plan {
	line := townStreets()[0].Line
	starts := 8*time.Hour + 30*time.Minute
	return patrol.Plan{
		ID: id, CreatedAt: day(4), Edition: 2, District: "01", Profile: "foot", Units: []string{"甲", "乙"},
		Depots: []orb.Point{{113.5411111, 22.2711111}, {113.55, 22.27}}, Shift: 4*time.Hour + time.Nanosecond, Seed: 1<<64 - 2,
		Routes: []patrol.Route{
			{Unit: "乙", Shift: 2, Metres: 1234.5678901234567, Seconds: 0.1, Depot: orb.Point{113.5411111, 22.2711111}, Line: line,
				Steps: []patrol.Step{{Street: "梅华东路", Turn: "depart", Metres: 10.25, Seconds: 7.7, Visit: 2}, {Turn: "arrive"}}},
			{Unit: "甲", Shift: 1, Metres: 1, Seconds: 1, Depot: orb.Point{113.55, 22.27}, Line: line[1:]},
		},
		Missed: []patrol.Missed{
			{Street: "w9", Name: "无路", Line: orb.LineString{{113.5, 22.2}, {113.51, 22.2}}, Reason: "unreachable An island."},
			{Street: "w9", Line: orb.LineString{{113.52, 22.2}, {113.53, 22.2}}, Reason: "forbidden 军事"},
		},
		StreetMetres: 18234.1, RouteMetres: 20456.7, Shifts: 2, Bound: 3*time.Hour + 123456789, Note: "停在 4.0 %",
		Asked: patrol.Asked{BothSides: true, Closed: []string{"w9", "w<8>"}, Starts: &starts,
			Services:    []patrol.Service{{Street: "w1", Visits: 2, Apart: 90*time.Minute + 1, Unit: "甲"}, {Street: "w2", Visits: 3}},
			Checkpoints: []patrol.Checkpoint{{Name: "学校", At: orb.Point{113.5411111, 22.2711111}, From: time.Hour, Until: 2 * time.Hour, Stay: time.Minute}}},
	}
}

// manyBuildings makes a crowd for the cases that need a write to take a while.
func manyBuildings(n, households int) []geo.Building {
	bs := make([]geo.Building, n)
	for i := range bs {
		west, south := 113.5+float64(i%200)*0.0005, 22.2+float64(i/200)*0.0005
		bs[i] = geo.Building{ID: fmt.Sprintf("b%06d", i), Kind: "apartments", At: orb.Point{west, south},
			Outline: square(west, south, 0.0002), Households: households, Source: geo.Derived}
	}
	return bs
}
