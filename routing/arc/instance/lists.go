package instance

import "strings"

// keys are the spellings of the header keys of CARP and windy rural postman files.
// Some of the latter have lost a letter.
var keys = map[string]string{
	"NOMBRE": "name", "NAME": "name",
	"COMENTARIO": "remark", "UPPER_BOUND": "remark", "UPPER BOUND": "remark",
	"TIPO_COSTES_ARISTAS": "kind of cost", "COSTE_TOTAL_REQ": "total cost",
	"VERTICES": "nodes", "NODES": "nodes",
	"ARISTAS_REQ": "required", "RISTAS_REQ": "required", "EDGES_REQ": "required",
	"ARISTAS_NOREQ": "other", "RISTAS_NOREQ": "other", "EDGES_NOREQ": "other",
	"VEHICULOS": "vehicles", "VEHICLES": "vehicles",
	"CAPACIDAD": "capacity", "CAPACITY": "capacity",
	"DEPOSITO": "depot", "DEPOT": "depot",
	"LISTA_ARISTAS_REQ": "required list", "EDGE_REQ_LIST": "required list",
	"LISTA_ARISTAS_NOREQ": "other list", "EDGE_NOREQ_LIST": "other list",
}

// wayless is the cost by which windy files say that a direction must not be driven.
const wayless = 9999

// lists reads files that hold one list of required and one of other streets.
type lists struct {
	*source
	in   *Instance
	seen map[string]bool
	num  map[string]int
}

func readLists(s *source) (*Instance, error) {
	l := &lists{source: s, in: &Instance{First: 1, Least: true}, seen: map[string]bool{}, num: map[string]int{}}
	for {
		text, ok := l.take()
		if !ok {
			break
		}
		if strings.Trim(text, "-") == "" || l.seen["other list"] && strings.Trim(text, "0123456789") == "" {
			continue // a rule, or one of the numbers that generated files end with
		}
		if err := l.entry(text); err != nil {
			return nil, err
		}
	}
	return l.in, l.finish()
}

// entry reads one header line and, where it begins a list, the list.
func (l *lists) entry(text string) error {
	key, value, ok := strings.Cut(text, ":")
	field := keys[strings.ToUpper(strings.TrimSpace(key))]
	switch {
	case !ok:
		return l.bad("", "%.40q is no header line, KEY : value, and belongs to no list", text)
	case field == "":
		return l.bad("", "unknown key %.40q", strings.TrimSpace(key))
	case l.seen[field]:
		return l.bad(field, "it is given twice")
	}
	l.seen[field] = true
	value = strings.TrimSpace(value)
	switch field {
	case "remark", "kind of cost", "total cost":
		return nil
	case "name":
		l.in.Name = value
		return nil
	case "required list", "other list":
		if value != "" {
			return l.bad(field, "%.40q stands behind the colon; the list begins on the next line", value)
		}
		return l.list(field == "required list")
	}
	least := map[string]int{"nodes": 1, "vehicles": 1, "capacity": 1}[field]
	n, err := l.number(field, value, least)
	l.num[field] = n
	return err
}

// list reads as many streets as the header has announced.
func (l *lists) list(required bool) error {
	count := "other"
	if required {
		count = "required"
	} else if !l.seen["required list"] {
		return l.bad("other list", "it stands before the required list")
	}
	if !l.seen[count] {
		return l.bad(count, "the header does not tell how many streets this list has")
	}
	for i := range l.num[count] {
		text, ok := l.peek()
		if !ok || !strings.HasPrefix(text, "(") {
			l.take()
			return l.bad(count, "the header tells %d streets, the list has %d", l.num[count], i)
		}
		l.take()
		street, err := l.street(text, required)
		if err != nil {
			return err
		}
		l.in.Streets = append(l.in.Streets, street)
	}
	if text, ok := l.peek(); ok && strings.HasPrefix(text, "(") {
		l.take()
		return l.bad(count, "the header tells %d streets, the list has more", l.num[count])
	}
	return nil
}

// street reads "( i, j) coste c [c2] [demanda d]".
func (l *lists) street(text string, required bool) (Street, error) {
	s := Street{Required: required, Line: l.line()}
	ends, rest, ok := strings.Cut(strings.TrimPrefix(text, "("), ")")
	a, b, comma := strings.Cut(ends, ",")
	if !ok || !comma {
		return s, l.bad("", "%.40q does not begin with two nodes, (i, j)", text)
	}
	var err error
	if s.From, err = l.number("first node", strings.TrimSpace(a), 0); err != nil {
		return s, err
	}
	if s.To, err = l.number("second node", strings.TrimSpace(b), 0); err != nil {
		return s, err
	}
	word := strings.Fields(rest)
	carp := l.seen["capacity"]
	want := map[bool]string{true: "coste c demanda d", false: "coste c"}[required]
	if !carp {
		want = "coste there back"
	}
	if len(word) != len(strings.Fields(want)) || word[0] != "coste" && word[0] != "cost" {
		return s, l.bad("", "%.40q is not %q", rest, want)
	}
	there, err := l.number("cost", word[1], 0)
	if err != nil {
		return s, err
	}
	s.There, s.Back = int32(there), int32(there)
	switch {
	case !carp:
		back, err := l.number("cost back", word[2], 0)
		if err != nil {
			return s, err
		}
		s.Back = int32(back)
		return l.windy(s)
	case required:
		if word[2] != "demanda" && word[2] != "demand" {
			return s, l.bad("demand", "%.40q is not %q", rest, want)
		}
		s.Demand, err = l.number("demand", word[3], 0)
	}
	return s, err
}

// windy turns the street so that There can be driven.
func (l *lists) windy(s Street) (Street, error) {
	switch {
	case s.There == wayless && s.Back == wayless:
		return s, l.bad("cost", "both directions are closed (%d)", wayless)
	case s.Back == wayless:
		s.Back = Closed
	case s.There == wayless:
		s.From, s.To, s.There, s.Back = s.To, s.From, s.Back, Closed
	}
	return s, nil
}

// finish checks that nothing is missing and sets what the header says.
func (l *lists) finish() error {
	need := []string{"nodes", "required", "other", "required list"}
	if l.num["other"] > 0 {
		need = append(need, "other list")
	}
	if l.seen["capacity"] || l.seen["vehicles"] || l.seen["depot"] {
		need = append(need, "capacity", "vehicles", "depot")
	}
	for _, field := range need {
		if !l.seen[field] {
			return &InputError{l.file, 0, field, "it is missing"}
		}
	}
	in := l.in
	in.Vehicles, in.Capacity, in.Depot = l.num["vehicles"], l.num["capacity"], 1
	if l.seen["depot"] {
		in.Depot = l.num["depot"]
	}
	for _, s := range in.Streets {
		if s.From == 0 || s.To == 0 {
			in.First = 0
		}
	}
	if in.Depot == 0 {
		in.First = 0
	}
	in.Last = in.First + l.num["nodes"] - 1
	if in.Name == "" {
		return &InputError{l.file, 0, "name", "it is missing"}
	}
	return nil
}
