package dispatch

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Numbering gives incidents the numbers that people say to each other: the local
// day and a count within it, such as 20260101-0007. Numbers are never given twice.
// It is not safe for concurrent use.
type Numbering struct {
	zone *time.Location
	last map[string]int // highest count by day
}

// NewNumbering starts after the numbers that are taken; numbers of another form
// are left alone. Days begin at midnight in zone; nil is UTC.
func NewNumbering(taken []Incident, zone *time.Location) *Numbering {
	if zone == nil {
		zone = time.UTC
	}
	n := &Numbering{zone: zone, last: map[string]int{}}
	for _, i := range taken {
		day, count, ok := strings.Cut(i.Number, "-")
		if c, err := strconv.Atoi(count); ok && err == nil && len(day) == 8 {
			n.last[day] = max(n.last[day], c)
		}
	}
	return n
}

// Next returns the number of the next incident reported at that time.
func (n *Numbering) Next(reported time.Time) string {
	day := reported.In(n.zone).Format("20060102")
	n.last[day]++
	return fmt.Sprintf("%s-%04d", day, n.last[day])
}
