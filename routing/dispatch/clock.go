package dispatch

import "time"

// Clocks are the times that an incident may take from its report, clock time.
type Clocks struct {
	Answer time.Duration // to the first answer by a person
	Close  time.Duration // to its closing
}

// The clocks of an urgent incident. It goes straight to the command room, which
// answers at once; the closing of it is no faster than the matter allows.
const (
	UrgentAnswerWithin = 5 * time.Minute
	UrgentCloseWithin  = 24 * time.Hour
)

// ClocksOf returns the clocks of a priority; what is not urgent is normal.
func ClocksOf(p Priority) Clocks {
	if p == Urgent {
		return Clocks{Answer: UrgentAnswerWithin, Close: UrgentCloseWithin}
	}
	return Clocks{Answer: AnswerWithin, Close: CloseWithin}
}

// Due returns when an incident reported at that time must be answered and closed.
func Due(p Priority, reported time.Time) (answer, closed time.Time) {
	c := ClocksOf(p)
	return reported.Add(c.Answer), reported.Add(c.Close)
}
