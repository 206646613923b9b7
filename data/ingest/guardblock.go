package ingest

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// Wire types of protocol buffers.
const (
	wireVarint  = 0
	wireFixed64 = 1
	wireBytes   = 2
	wireFixed32 = 5
)

var errCut = errors.New("a field runs past its end")

// field is one field of a protocol buffer message.
type field struct {
	number, wire uint64
	value        uint64 // of a varint
	data         []byte // of a length delimited field
}

// eachField calls f for each field of a message, and fails on anything that is
// not one.
func eachField(data []byte, f func(field) error) error {
	for len(data) > 0 {
		tag, n := binary.Uvarint(data)
		if n <= 0 {
			return errCut
		}
		data = data[n:]
		fd := field{number: tag >> 3, wire: tag & 7}
		switch fd.wire {
		case wireVarint:
			if fd.value, n = binary.Uvarint(data); n <= 0 {
				return errCut
			}
		case wireBytes:
			size, m := binary.Uvarint(data)
			if m <= 0 || size > uint64(len(data)-m) {
				return errCut
			}
			fd.data, n = data[m:m+int(size)], m+int(size)
		case wireFixed64:
			n = 8
		case wireFixed32:
			n = 4
		default:
			return fmt.Errorf("wire type %d is unknown", fd.wire)
		}
		if n > len(data) {
			return errCut
		}
		data = data[n:]
		if err := f(fd); err != nil {
			return err
		}
	}
	return nil
}

// shape tells the wire type of each field that the decoder reads; it reads others
// as this type whatever is written there, so that a wrong one must be refused.
type shape map[uint64]uint64

var (
	blockShape    = shape{1: wireBytes, 2: wireBytes, 17: wireVarint, 18: wireVarint, 19: wireVarint, 20: wireVarint}
	objectShape   = shape{1: wireVarint, 2: wireBytes, 3: wireBytes, 4: wireBytes, 8: wireBytes, 9: wireBytes, 10: wireBytes}
	infoShape     = shape{1: wireVarint, 2: wireVarint, 3: wireVarint, 4: wireVarint, 5: wireVarint, 6: wireVarint}
	denseShape    = shape{1: wireBytes, 5: wireBytes, 8: wireBytes, 9: wireBytes, 10: wireBytes}
	denseInfo     = shape{1: wireBytes, 2: wireBytes, 3: wireBytes, 4: wireBytes, 5: wireBytes, 6: wireBytes}
	groupShape    = shape{1: wireBytes, 2: wireBytes, 3: wireBytes, 4: wireBytes}
	errWrongShape = errors.New("a field has the wrong type")
)

func (s shape) check(f field) error {
	if wire, known := s[f.number]; known && wire != f.wire {
		return errWrongShape
	}
	return nil
}

// lists are the length delimited fields of a message by number, each once.
type lists map[uint64][]byte

func (s shape) lists(data []byte) (lists, error) {
	l := lists{}
	return l, eachField(data, func(f field) error {
		if err := s.check(f); err != nil {
			return err
		}
		if s[f.number] != wireBytes || f.wire != wireBytes {
			return nil
		}
		if _, twice := l[f.number]; twice {
			return fmt.Errorf("list %d occurs twice", f.number)
		}
		l[f.number] = f.data
		return nil
	})
}

const anyValue = math.MaxUint64

// count returns how many values list n holds; each must be a whole varint below
// limit, or anything when that is anyValue.
func (l lists) count(n uint64, limit uint64) (int, error) {
	data, total := l[n], 0
	for len(data) > 0 {
		v, size := binary.Uvarint(data)
		if size <= 0 {
			return 0, errCut
		}
		if limit != anyValue && v >= limit {
			return 0, fmt.Errorf("list %d points at text %d of %d", n, v, limit)
		}
		data = data[size:]
		total++
	}
	return total, nil
}

// same fails unless the lists have the same length, and their values are below
// the limits where there are any.
func (l lists) same(limits map[uint64]uint64, numbers ...uint64) error {
	want := -1
	for _, n := range numbers {
		limit, limited := limits[n]
		if !limited {
			limit = anyValue
		}
		got, err := l.count(n, limit)
		if err != nil {
			return err
		}
		if want >= 0 && got != want {
			return fmt.Errorf("list %d holds %d values where %d are due", n, got, want)
		}
		want = got
	}
	return nil
}

// checkBlock looks through one block of map data for everything that makes the
// decoder fail badly.
func checkBlock(data []byte) error {
	var texts uint64
	tables, objects := 0, 0
	err := eachField(data, func(f field) error {
		if err := blockShape.check(f); err != nil || f.number != 1 {
			return err
		}
		tables++
		return eachField(f.data, func(s field) error {
			if s.number == 1 && s.wire == wireBytes {
				texts++
			}
			return nil
		})
	})
	if err != nil {
		return err
	}
	if tables > 1 {
		return errors.New("it has two string tables")
	}
	return eachField(data, func(f field) error {
		if f.number != 2 {
			return nil
		}
		return eachField(f.data, func(o field) error {
			n, err := checkObject(o, texts)
			if objects += n; objects > maxBlockObjects {
				return fmt.Errorf("it holds more than %d objects", maxBlockObjects)
			}
			return err
		})
	})
}

// checkObject checks one entry of a group and returns how many objects it holds.
func checkObject(o field, texts uint64) (int, error) {
	if err := groupShape.check(o); err != nil {
		return 0, err
	}
	switch o.number {
	case 1:
		return 0, errors.New("it holds nodes that are not dense; rewrite the file with: osmium cat -o new.osm.pbf old.osm.pbf")
	case 2:
		return checkDense(o.data, texts)
	case 3:
		return 1, checkWay(o.data, texts)
	case 4:
		return 1, checkRelation(o.data, texts)
	}
	return 0, nil
}

func checkWay(data []byte, texts uint64) error {
	l, err := objectShape.lists(data)
	if err != nil {
		return err
	}
	if err := l.same(map[uint64]uint64{2: texts, 3: texts}, 2, 3); err != nil {
		return err
	}
	for _, n := range []uint64{9, 10} { // positions, where the writer put them into the way
		if _, has := l[n]; !has {
			continue
		}
		if err := l.same(nil, 8, n); err != nil {
			return err
		}
	}
	if _, err := l.count(8, anyValue); err != nil {
		return err
	}
	return checkInfo(l[4], texts)
}

func checkRelation(data []byte, texts uint64) error {
	l, err := objectShape.lists(data)
	if err != nil {
		return err
	}
	limits := map[uint64]uint64{2: texts, 3: texts, 8: texts}
	if err := l.same(limits, 2, 3); err != nil {
		return err
	}
	if err := l.same(limits, 8, 9, 10); err != nil {
		return err
	}
	return checkInfo(l[4], texts)
}

// checkInfo checks that the author of an object is in the string table.
func checkInfo(data []byte, texts uint64) error {
	return eachField(data, func(f field) error {
		if f.number == 5 && f.value >= texts {
			return errors.New("an author is not in the string table")
		}
		return infoShape.check(f)
	})
}

// checkDense checks a list of nodes and returns how many there are.
func checkDense(data []byte, texts uint64) (int, error) {
	l, err := denseShape.lists(data)
	if err != nil {
		return 0, err
	}
	if err := l.same(nil, 1, 8, 9); err != nil {
		return 0, err
	}
	n, err := l.count(1, anyValue)
	if err != nil {
		return 0, err
	}
	if err := checkNodeTags(l[10], n, texts); err != nil {
		return 0, err
	}
	info, has := l[5]
	if !has {
		return n, nil
	}
	il, err := denseInfo.lists(info)
	if err != nil {
		return 0, err
	}
	for number := uint64(1); number <= 6; number++ {
		if _, has := il[number]; has {
			if c, err := il.count(number, anyValue); err != nil || c != n {
				return 0, fmt.Errorf("%d nodes carry %d values of list %d", n, c, number)
			}
		}
	}
	return n, checkAuthors(il[5], texts)
}

// checkAuthors follows the differences in which authors are written.
func checkAuthors(data []byte, texts uint64) error {
	var at int32
	for len(data) > 0 {
		v, size := binary.Uvarint(data)
		data = data[size:]
		at += int32(v>>1) ^ -int32(v&1)
		if at < 0 || uint64(at) >= texts {
			return errors.New("an author is not in the string table")
		}
	}
	return nil
}

// checkNodeTags checks the key, value, ..., 0 list of the tags of n nodes.
func checkNodeTags(data []byte, n int, texts uint64) error {
	ends, key := 0, true
	for len(data) > 0 {
		v, size := binary.Uvarint(data)
		if size <= 0 {
			return errCut
		}
		data = data[size:]
		switch {
		case v == 0 && key:
			ends++
			continue
		case v >= texts:
			return fmt.Errorf("a tag points at text %d of %d", v, texts)
		}
		key = !key
	}
	if ends != 0 && (ends < n || !key) {
		return errors.New("the tags of its nodes are cut")
	}
	return nil
}
