package dispatch

// Role is what a member of staff or a volunteer does in a grid.
type Role string

// The roles of the 1 + 1 + N.
const (
	Leader  Role = "leader"  // grid leader, one a grid
	Officer Role = "officer" // community officer who guides
	Member  Role = "member"  // grid member: property staff, guard, volunteer
)

// Person is a member of staff or a volunteer, never a resident.
type Person struct {
	ID        string
	Name      string
	Role      Role
	DutyPhone string
	Grid      string // code; "" for one who serves a whole district
	District  string
	Simulated bool
}
