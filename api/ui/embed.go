// Package ui is the map page, built from the TypeScript beside it and embedded.
// Without Node the program builds all the same: then the page says how to build it.
package ui

import (
	"embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"regexp"

	"gridbeat/geo"
)

//go:embed all:dist
var dist embed.FS

// unbuilt is the page of a program that was built without Node.
const unbuilt = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>gridbeat</title>
<h1>gridbeat</h1>
<p>The map page is not part of this program: it was built without Node.
Run <code>make build</code> (or <code>npm ci &amp;&amp; npm run build</code> in <code>api/ui</code>, then <code>go build</code>).</p>
<p lang="zh-CN">本程序编译时没有包含地图页面。请运行 <code>make build</code>，
或在 <code>api/ui</code> 目录运行 <code>npm ci &amp;&amp; npm run build</code> 后重新编译。</p>
<p>The data is served under <a href="/api/v1/station">/api/v1</a>.</p>
</html>
`

// Page is the built page.
type Page struct {
	files fs.FS
	index []byte
	built bool
}

// Load returns the page as it was built into the program.
func Load() (Page, error) {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		return Page{}, fmt.Errorf("open the page: %w", err)
	}
	return load(files)
}

func load(files fs.FS) (Page, error) {
	index, err := fs.ReadFile(files, "index.html")
	if errors.Is(err, fs.ErrNotExist) {
		return Page{files: files, index: []byte(unbuilt)}, nil
	}
	if err != nil {
		return Page{}, fmt.Errorf("read the page: %w", err)
	}
	return Page{files: files, index: index, built: true}, nil
}

// Built reports whether the page itself is there, and not only the text that says
// how to build it.
func (p Page) Built() bool { return p.built }

// Index is the page's HTML.
func (p Page) Index() []byte { return p.index }

// Asset is a file of the page by its slash-separated name; fs.ErrNotExist, or
// another error, when it is none.
func (p Page) Asset(name string) ([]byte, error) { return fs.ReadFile(p.files, name) }

const subsetsAtOnce = 128

var fontName = regexp.MustCompile(`^[a-z0-9-]{1,64}$`)

// Fonts packs subsets of a face into one piece: for each its length as a
// big-endian uint32, then its bytes.
func (p Page) Fonts(face string, subsets []string) ([]byte, error) {
	if len(subsets) > subsetsAtOnce {
		return nil, fmt.Errorf("%d subsets of font %q, more than there are: %w", len(subsets), face, geo.ErrNotFound)
	}
	var out []byte
	for _, name := range subsets {
		if !fontName.MatchString(face) || !fontName.MatchString(name) {
			return nil, fmt.Errorf("font %q, subset %q: %w", face, name, geo.ErrNotFound)
		}
		b, err := p.Asset("fonts/" + face + "/" + name + ".woff2")
		if err != nil {
			return nil, fmt.Errorf("font %q, subset %q: %w", face, name, geo.ErrNotFound)
		}
		out = binary.BigEndian.AppendUint32(out, uint32(len(b)))
		out = append(out, b...)
	}
	return out, nil
}
