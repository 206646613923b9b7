package instance

import "fmt"

// Street is a connection of two nodes. Parallel streets and loops are streets of
// their own.
type Street struct {
	From, To int
	There    int32 // the cost of driving From to To
	Back     int32 // the cost of driving To to From, or Closed
	Demand   int
	Required bool
	Line     int // where the file has it
}

// Closed is the cost of a direction that must not be driven.
const Closed int32 = -1

// Stop is a node that has to be visited.
type Stop struct {
	Node, Demand, Line int
}

// Turn is driving from From to Via and then to To. Streets between the same nodes
// turn alike.
type Turn struct{ From, Via, To int }

// Instance is what a file states. Its nodes are numbered as in the file.
type Instance struct {
	Name        string
	First, Last int // the nodes are First, First+1, ... Last
	Depot       int
	Vehicles    int  // 0 where the file tells none
	Least       bool // Vehicles is the least number that capacity allows, not the fleet
	Capacity    int  // 0 where the file tells none
	Streets     []Street
	Stops       []Stop
	Turns       map[Turn]int32 // nil where turns are free; else a turn that is not there is forbidden
}

// InputError says where a file is not what its format asks for.
type InputError struct {
	File   string
	Line   int    // 0 for the file as a whole
	Field  string // "" for the line as a whole
	Detail string
}

// Error names file, line and field.
func (e *InputError) Error() string {
	s := e.File
	if e.Line > 0 {
		s = fmt.Sprintf("%s:%d", s, e.Line)
	}
	if e.Field != "" {
		s += ": " + e.Field
	}
	return s + ": " + e.Detail
}

// costMost is the most that all costs of a file may add up to.
const costMost = 1 << 28

// check is what all formats must keep: nodes that exist, costs that can be added.
func (in *Instance) check(file string) error {
	sum, dearest := 0, 0
	for _, c := range in.Turns {
		dearest = max(dearest, int(c))
	}
	for _, s := range in.Streets {
		for _, v := range []int{s.From, s.To} {
			if err := in.checkNode(file, s.Line, "node", v); err != nil {
				return err
			}
		}
		sum += int(s.There) + dearest + max(0, int(s.Back)) + dearest
		if sum > costMost {
			return &InputError{file, s.Line, "cost", fmt.Sprintf("the costs up to here add up to more than %d", costMost)}
		}
		if s.Required && in.Capacity > 0 && s.Demand > in.Capacity {
			return &InputError{file, s.Line, "demand", fmt.Sprintf("%d is more than the capacity %d", s.Demand, in.Capacity)}
		}
	}
	for _, s := range in.Stops {
		if err := in.checkNode(file, s.Line, "node", s.Node); err != nil {
			return err
		}
		if in.Capacity > 0 && s.Demand > in.Capacity {
			return &InputError{file, s.Line, "demand", fmt.Sprintf("%d is more than the capacity %d", s.Demand, in.Capacity)}
		}
	}
	return in.checkNode(file, 0, "depot", in.Depot)
}

func (in *Instance) checkNode(file string, line int, field string, v int) error {
	if v < in.First || v > in.Last {
		return &InputError{file, line, field, fmt.Sprintf("there is no node %d, they are %d to %d", v, in.First, in.Last)}
	}
	return nil
}
