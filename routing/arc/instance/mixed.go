package instance

import "strings"

// mixed reads mixed general routing files with turn penalties: nodes, two-way
// streets and one-way streets may be required, and a turn that is not listed is
// forbidden.
type mixed struct {
	*source
	in  *Instance
	num map[string]int
	has map[string]int // required ones found, by header key
}

// mixedHeader are the keys in the file's order.
var mixedHeader = []string{"Name", "#Vehicles", "Capacity", "Depot", "#Nodes", "#Edges", "#Arcs",
	"#Required-N", "#Required-E", "#Required-A", "#Nb-Turns"}

func readMixed(s *source) (*Instance, error) {
	m := &mixed{source: s, num: map[string]int{}, has: map[string]int{}}
	if err := m.header(); err != nil {
		return nil, err
	}
	m.in.Turns = map[Turn]int32{}
	for _, b := range []struct {
		title, count string
		columns      int
		row          func([]string) error
	}{
		{"NODES", "#Nodes", 5, m.node},
		{"EDGES", "#Edges", 5, m.edge},
		{"ARCS", "#Arcs", 5, m.arc},
		{"TURNS", "#Nb-Turns", 5, m.turn},
	} {
		if err := m.block(b.title, b.count, b.columns, b.row); err != nil {
			return nil, err
		}
	}
	if text, ok := m.take(); ok {
		return nil, m.bad("", "%.40q stands behind the last of the %d turns", text, m.num["#Nb-Turns"])
	}
	for _, key := range mixedHeader[7:10] {
		if m.has[key] != m.num[key] {
			return nil, &InputError{m.file, 0, key, "the header tells another number than the lists hold"}
		}
	}
	return m.in, nil
}

func (m *mixed) header() error {
	m.in = &Instance{First: 1}
	for _, key := range mixedHeader {
		text, _ := m.take()
		found, value, ok := strings.Cut(text, ":")
		if !ok || strings.TrimSpace(found) != key {
			return m.bad(key, "it should stand here, not %.40q", text)
		}
		value = strings.TrimSpace(value)
		if key == "Name" {
			m.in.Name = value
			continue
		}
		least := 0
		switch key {
		case "#Vehicles":
			least = -1
		case "Capacity", "#Nodes":
			least = 1
		}
		n, err := m.number(key, value, least)
		if err != nil {
			return err
		}
		m.num[key] = n
	}
	m.in.Vehicles = max(0, m.num["#Vehicles"])
	m.in.Capacity, m.in.Depot, m.in.Last = m.num["Capacity"], m.num["Depot"], m.num["#Nodes"]
	return nil
}

// block reads a title line, a line of column names and the rows.
func (m *mixed) block(title, count string, columns int, row func([]string) error) error {
	text, _ := m.take()
	if strings.Trim(text, "-") != title {
		return m.bad(title, "the list should begin here, not %.40q", text)
	}
	if text, _ := m.take(); !strings.HasPrefix(text, "INDEX") {
		return m.bad(title, "the names of the columns should stand here, not %.40q", text)
	}
	for i := range m.num[count] {
		text, ok := m.peek()
		if !ok || strings.HasPrefix(text, "-") {
			m.take()
			return m.bad(title, "%s tells %d, the list has %d", count, m.num[count], i)
		}
		m.take()
		word := strings.Fields(text)
		if len(word) != columns {
			return m.bad(title, "%d columns instead of %d", len(word), columns)
		}
		if err := row(word); err != nil {
			return err
		}
	}
	return nil
}

// numbers reads the named columns.
func (m *mixed) numbers(word []string, names ...string) ([]int, error) {
	out := make([]int, len(names))
	for i, name := range names {
		n, err := m.number(name, word[i], 0)
		if err != nil {
			return nil, err
		}
		if name == "is-required" && n > 1 {
			return nil, m.bad(name, "%d is neither 0 nor 1", n)
		}
		out[i] = n
	}
	return out, nil
}

func (m *mixed) node(word []string) error {
	n, err := m.numbers(word, "index", "qty", "is-required")
	if err != nil {
		return err
	}
	if n[2] == 1 {
		m.in.Stops = append(m.in.Stops, Stop{Node: n[0], Demand: n[1], Line: m.line()})
		m.has["#Required-N"]++
	}
	return nil
}

func (m *mixed) edge(word []string) error { return m.street(word, "#Required-E", true) }

func (m *mixed) arc(word []string) error { return m.street(word, "#Required-A", false) }

func (m *mixed) street(word []string, count string, twoWay bool) error {
	n, err := m.numbers(word, "index-i", "index-j", "qty", "is-required", "tr-cost")
	if err != nil {
		return err
	}
	s := Street{From: n[0], To: n[1], There: int32(n[4]), Back: Closed, Demand: n[2], Required: n[3] == 1, Line: m.line()}
	if twoWay {
		s.Back = s.There
	}
	if s.Required {
		m.has[count]++
	}
	m.in.Streets = append(m.in.Streets, s)
	return nil
}

func (m *mixed) turn(word []string) error {
	n, err := m.numbers(word, "index-i", "index-j", "index-k", "cost")
	if err != nil {
		return err
	}
	if len(word[4]) != 1 || word[4][0] < 'A' || word[4][0] > 'Z' {
		return m.bad("type", "%.40q is no capital letter", word[4])
	}
	t := Turn{n[0], n[1], n[2]}
	for _, v := range []int{t.From, t.Via, t.To} {
		if err := m.in.checkNode(m.file, m.line(), "node", v); err != nil {
			return err
		}
	}
	if _, twice := m.in.Turns[t]; twice {
		return m.bad("", "the turn %d %d %d is given twice", t.From, t.Via, t.To)
	}
	m.in.Turns[t] = int32(n[3])
	return nil
}
