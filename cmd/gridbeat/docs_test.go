package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestDocumentsPointAtWhatIsThere follows every relative link of the documents,
// and looks for every function that a link text names in the file it points at.
func TestDocumentsPointAtWhatIsThere(t *testing.T) {
	link := regexp.MustCompile(`\[([^\]]*)\]\(([^)\s]+)\)`)
	function := regexp.MustCompile("^`.*\\b([A-Z]\\w+)`$")
	decisions, err := filepath.Glob(filepath.Join(repository, "docs/decisions/*.md"))
	if err != nil || len(decisions) < 4 {
		t.Fatalf("%d decisions: %v", len(decisions), err)
	}
	documents := append(decisions, filepath.Join(repository, "README.md"), filepath.Join(repository, "ARCHITECTURE.md"))
	for _, doc := range documents {
		text, err := os.ReadFile(doc)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			target := filepath.Join(filepath.Dir(doc), m[2])
			if _, err := os.Stat(target); err != nil && !strings.Contains(m[2], "://") {
				t.Errorf("%s points at %s: %v", doc, m[2], err)
			}
			if name := function.FindStringSubmatch(m[1]); name != nil && !defines(t, target, name[1]) {
				t.Errorf("%s names %s, which is not in %s", doc, m[1], m[2])
			}
		}
	}
}

// defines reports whether the Go file, or one in the folder, has that function.
func defines(t *testing.T, path, name string) bool {
	t.Helper()
	files := []string{path}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		files, _ = filepath.Glob(filepath.Join(path, "*.go"))
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if regexp.MustCompile(`(?m)^func (\([^)]*\) )?` + name + `\(`).Match(text) {
			return true
		}
	}
	return false
}
