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
		if day, count, ok := ParseNumber(i.Number); ok {
			n.last[day] = max(n.last[day], count)
		}
	}
	return n
}

// ParseNumber takes a number apart into its day, such as 20260101, and its count
// within it; false for a number of another form.
func ParseNumber(number string) (day string, count int, ok bool) {
	day, text, found := strings.Cut(number, "-")
	count, err := strconv.Atoi(text)
	return day, count, found && err == nil && count > 0 && len(day) == 8
}

// FormatNumber is the number of a day and a count within it.
func FormatNumber(day string, count int) string { return fmt.Sprintf("%s-%04d", day, count) }

// Day is the day of a time as numbers tell it, in a zone.
func Day(at time.Time, zone *time.Location) string { return at.In(zone).Format("20060102") }

// Next returns the number of the next incident reported at that time.
func (n *Numbering) Next(reported time.Time) string {
	day := Day(reported, n.zone)
	n.last[day]++
	return FormatNumber(day, n.last[day])
}
