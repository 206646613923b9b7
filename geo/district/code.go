package district

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// emptyPrefix stands for a county and street that are not known.
const emptyPrefix = "000000000"

// codeOf makes a 15-digit grid code (DB11/T 2157-2023): 6 digits of the county, 3 of
// the street or township, 3 of the community or 900 and the district's number (of a
// district beyond the 99th: 999 less its number), 3 of the sequence.
func codeOf(prefix, community string, districtNumber, sequence int) string {
	if prefix == "" {
		prefix = emptyPrefix
	}
	area := fmt.Sprintf("9%02d", districtNumber)
	if districtNumber > 99 {
		area = fmt.Sprintf("%03d", 999-districtNumber)
	}
	if digits := trailingDigits(community); len(digits) >= 3 {
		area = digits[len(digits)-3:]
	}
	return fmt.Sprintf("%s%s%03d", prefix, area, sequence)
}

func trailingDigits(s string) string {
	i := strings.LastIndexFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	return s[i+1:]
}

// readingOrder sorts polygons in rows from north to south, each row from west to
// east, and returns their indices in that order.
func readingOrder(polygons []orb.Polygon) []int {
	centres := make([]orb.Point, len(polygons))
	var area float64
	for i, p := range polygons {
		c, a := planar.CentroidArea(p)
		centres[i] = c
		area += math.Abs(a)
	}
	row := math.Sqrt(area / float64(max(1, len(polygons))))
	order := make([]int, len(polygons))
	north := math.Inf(-1)
	for i := range order {
		order[i] = i
		north = max(north, centres[i][1])
	}
	rowOf := func(i int) float64 { return math.Floor((north - centres[i][1]) / row) }
	slices.SortFunc(order, func(i, j int) int {
		return cmp.Or(cmp.Compare(rowOf(i), rowOf(j)), cmp.Compare(centres[i][0], centres[j][0]), cmp.Compare(i, j))
	})
	return order
}
