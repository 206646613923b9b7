package dispatch

import "slices"

// The steps of the ladder, from the first to the last, and the command room,
// which takes urgent incidents at once.
const (
	LevelMember  = "member"
	LevelLeader  = "leader"
	LevelOfficer = "officer"
	LevelStation = "station"
	LevelCommand = "command"
)

// Levels lists the steps of the ladder, lowest first; the command room is none of
// them.
var Levels = []string{LevelMember, LevelLeader, LevelOfficer, LevelStation}

// Holder is a step of the ladder and the person who stands on it.
type Holder struct {
	Level string
	Name  string // "" when nobody is known by name
}

// Ladder answers who holds an incident, from the people of a station. It does not
// change after it is made.
type Ladder struct {
	byGrid     map[string]map[Role]Person
	byDistrict map[string]Person
}

// NewLadder sorts people onto their steps. Where several hold the same post, the
// lowest id answers, so that the same people always give the same ladder.
func NewLadder(people []Person) *Ladder {
	l := &Ladder{byGrid: map[string]map[Role]Person{}, byDistrict: map[string]Person{}}
	sorted := slices.Clone(people)
	slices.SortStableFunc(sorted, func(a, b Person) int {
		switch {
		case a.ID < b.ID:
			return -1
		case a.ID > b.ID:
			return 1
		}
		return 0
	})
	for _, p := range sorted {
		switch {
		case p.Role == Officer && p.Grid == "":
			setFirst(l.byDistrict, p.District, p)
		case p.Grid != "":
			if l.byGrid[p.Grid] == nil {
				l.byGrid[p.Grid] = map[Role]Person{}
			}
			setFirst(l.byGrid[p.Grid], p.Role, p)
		}
	}
	return l
}

func setFirst[K comparable](m map[K]Person, k K, p Person) {
	if _, taken := m[k]; !taken {
		m[k] = p
	}
}

// First returns who takes a new incident: the command room with the district's
// officer when it is urgent, else the lowest step of the grid that is staffed,
// else the station. grid is "" for a place outside the territory.
func (l *Ladder) First(p Priority, grid, district string) Holder {
	if p == Urgent {
		return Holder{Level: LevelCommand, Name: l.officer(grid, district)}
	}
	if grid == "" {
		return Holder{Level: LevelStation}
	}
	return l.from(0, grid, district)
}

// Above returns the next staffed step over level; the station is the last and
// answers for itself. What is with the command room stays there.
func (l *Ladder) Above(level, grid, district string) Holder {
	if level == LevelCommand {
		return Holder{Level: LevelCommand, Name: l.officer(grid, district)}
	}
	return l.from(slices.Index(Levels, level)+1, grid, district)
}

func (l *Ladder) from(step int, grid, district string) Holder {
	for _, level := range Levels[min(step, len(Levels)):] {
		name := ""
		switch level {
		case LevelMember:
			name = l.byGrid[grid][Member].Name
		case LevelLeader:
			name = l.byGrid[grid][Leader].Name
		case LevelOfficer:
			name = l.officer(grid, district)
		}
		if name != "" {
			return Holder{Level: level, Name: name}
		}
	}
	return Holder{Level: LevelStation}
}

func (l *Ladder) officer(grid, district string) string {
	if p, ok := l.byGrid[grid][Officer]; ok {
		return p.Name
	}
	return l.byDistrict[district].Name
}
