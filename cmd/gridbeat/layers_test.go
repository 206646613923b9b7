package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const repository = "../.."

// level is the place of a top-level folder in the law
// cmd -> {api, data} -> routing -> geo. Imports go down only, and never between
// neighbours of one level.
var level = map[string]int{"geo": 0, "routing": 1, "api": 2, "data": 2, "cmd": 3}

// source is one Go file of the repository.
type source struct {
	file, pkg string // path, and the package's folder, both from the root
	test      bool
	imports   []string
	ast       *ast.File
}

func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	err := filepath.WalkDir(repository, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && (name == "node_modules" || name == "testdata" || name == "bin" || (strings.HasPrefix(name, ".") && p != repository)) {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") {
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), p, nil, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(repository, p)
		if err != nil {
			return err
		}
		s := source{file: filepath.ToSlash(rel), pkg: path.Dir(filepath.ToSlash(rel)), test: strings.HasSuffix(name, "_test.go"), ast: parsed}
		for _, i := range parsed.Imports {
			s.imports = append(s.imports, strings.Trim(i.Path.Value, `"`))
		}
		all = append(all, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 20 {
		t.Fatalf("only %d Go files found under %s", len(all), repository)
	}
	return all
}

// breach returns what is wrong with one import of a file, "" when it is lawful.
// Test files are free: they may set a real store under a handler.
func breach(s source, imported string) string {
	if s.test {
		return ""
	}
	top, _, _ := strings.Cut(s.pkg, "/")
	ours, isOurs := strings.CutPrefix(imported, "gridbeat/")
	theirTop, _, _ := strings.Cut(ours, "/")
	switch {
	case isOurs && theirTop != top && level[theirTop] >= level[top]:
		return "imports go down only: cmd -> {api, data} -> routing -> geo"
	case isOurs && s.pkg == "geo":
		return "geo knows nothing else of ours"
	case isOurs && within(s.pkg, "routing/queue"):
		return "the queue knows numbers only"
	case isOurs && within(s.pkg, "routing/arc") && !within(ours, "routing/arc") && ours != "routing/queue":
		return "the solver knows numbers only"
	case s.pkg == "routing/patrol" && ours == "routing/dispatch", s.pkg == "routing/dispatch" && ours == "routing/patrol":
		return "patrol and dispatch do not know each other"
	case isOurs && top == "data" && theirTop == "data" && ours != "data/archive":
		return "the parts of data do not know each other"
	case ours == "data/storetest":
		return "the contract is for tests"
	case strings.HasPrefix(imported, "github.com/labstack/echo") && top != "api":
		return "echo stays inside api"
	case (top == "geo" || top == "routing") && outerWorld(imported):
		return "the domain knows neither HTTP nor databases"
	}
	return ""
}

// within reports whether the package is folder or lies below it.
func within(pkg, folder string) bool { return pkg == folder || strings.HasPrefix(pkg, folder+"/") }

func outerWorld(imported string) bool {
	return slices.ContainsFunc([]string{"net/http", "database/sql", "github.com/mattn/go-sqlite3", "github.com/jackc/pgx", "github.com/labstack"},
		func(prefix string) bool { return strings.HasPrefix(imported, prefix) })
}

func TestImportsGoDownOnly(t *testing.T) {
	for _, s := range sources(t) {
		for _, i := range s.imports {
			if why := breach(s, i); why != "" {
				t.Errorf("%s imports %s: %s", s.file, i, why)
			}
		}
	}
}

func TestTheLawItself(t *testing.T) {
	tests := []struct {
		name, pkg, imported string
		lawful              bool
	}{
		{"cmd may use api", "cmd/gridbeat", "gridbeat/api", true},
		{"the solver may use a queue of numbers", "routing/arc/ways", "gridbeat/routing/queue", true},
		{"the solver may not use maps", "routing/arc/ways", "gridbeat/routing", false},
		{"the queue may not use the solver", "routing/queue", "gridbeat/routing/arc", false},
		{"api may use the domain", "api", "gridbeat/routing/patrol", true},
		{"api may not use data", "api", "gridbeat/data/gpkg", false},
		{"data may not use api", "data/gpkg", "gridbeat/api/geojson", false},
		{"geo may not use routing", "geo/district", "gridbeat/routing", false},
		{"district may use arrange", "geo/district", "gridbeat/geo/arrange", true},
		{"the solver knows no maps", "routing/arc", "gridbeat/geo", false},
		{"nor do its parts", "routing/arc/match", "gridbeat/routing", false},
		{"the solver has parts", "routing/arc", "gridbeat/routing/arc/match", true},
		{"echo stays inside api", "cmd/gridbeat", "github.com/labstack/echo/v4", false},
		{"the domain has no SQL", "routing/patrol", "database/sql", false},
		{"a store is no part of another", "data/gpkg", "gridbeat/data/ingest", false},
		{"stores meet in what moves between them", "data/gpkg", "gridbeat/data/archive", true},
		{"the contract is for tests", "cmd/gridbeat", "gridbeat/data/storetest", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if why := breach(source{pkg: tt.pkg}, tt.imported); (why == "") != tt.lawful {
				t.Errorf("%s imports %s: %q", tt.pkg, tt.imported, why)
			}
		})
	}
}

func TestEveryPackageHasAComment(t *testing.T) {
	commented := map[string]bool{}
	for _, s := range sources(t) {
		if !s.test {
			commented[s.pkg] = commented[s.pkg] || s.ast.Doc.Text() != ""
		}
	}
	for pkg, ok := range commented {
		if !ok {
			t.Errorf("package %s has no comment that tells why it exists", pkg)
		}
	}
}

func TestPackagesAreNamedAfterTheDomain(t *testing.T) {
	for _, s := range sources(t) {
		switch path.Base(s.pkg) {
		case "util", "utils", "common", "helpers", "helper", "models", "misc", "shared", "types":
			t.Errorf("%s: name the package after what it knows", s.file)
		}
	}
}

func TestTopLevelStaysSmall(t *testing.T) {
	entries, err := os.ReadDir(repository)
	if err != nil {
		t.Fatal(err)
	}
	allowed := []string{"api", "bin", "cmd", "data", "docs", "geo", "routing"}
	for _, e := range entries {
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") && !slices.Contains(allowed, e.Name()) {
			t.Errorf("folder %s is not part of the house", e.Name())
		}
		if strings.HasSuffix(e.Name(), ".go") {
			t.Errorf("%s: there is no code at the top", e.Name())
		}
	}
}
