package edit

// version is one state of a core, told by the change that leads to it.
type version struct {
	parent *version
	change *change
	depth  int
}

// lock takes the core and brings it to the sheet's version. Sheets that follow each
// other share one core: going to the sheet last used costs nothing, going to another
// costs as much as the edits between the two.
func (s *Sheet) lock() *core {
	s.core.mu.Lock()
	s.core.goTo(s.version)
	return s.core
}

func (c *core) goTo(to *version) {
	var ahead []*version
	for v := to; v != c.at; {
		if c.at.depth > v.depth || c.at.depth == v.depth && c.at.depth > 0 {
			c.takeBack(c.at.change)
			c.at = c.at.parent
			continue
		}
		ahead = append(ahead, v)
		v = v.parent
	}
	for i := len(ahead) - 1; i >= 0; i-- {
		c.put(ahead[i].change)
		c.at = ahead[i]
	}
}
