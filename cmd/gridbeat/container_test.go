package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func readRepositoryFile(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(repository, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// yamlPaths reads the plain part of YAML that the compose file keeps to: nested
// maps by two spaces, lists in brackets or by dashes. It returns "a.b.c" -> value.
func yamlPaths(t *testing.T, text string) map[string]string {
	t.Helper()
	paths := map[string]string{}
	var at []string
	for n, line := range strings.Split(text, "\n") {
		body := strings.TrimLeft(line, " ")
		if body == "" || strings.HasPrefix(body, "#") {
			continue
		}
		depth := (len(line) - len(body)) / 2
		switch {
		case strings.Contains(line, "\t") || (len(line)-len(body))%2 != 0 || depth > len(at):
			t.Fatalf("line %d is not indented by pairs of spaces: %q", n+1, line)
		case strings.HasPrefix(body, "- "):
			paths[strings.Join(at[:depth], ".")] += body[2:] + "\n"
			continue
		}
		key, value, ok := strings.Cut(body, ":")
		if !ok {
			t.Fatalf("line %d is no key: %q", n+1, line)
		}
		at = append(at[:depth], key)
		path := strings.Join(at, ".")
		if _, twice := paths[path]; twice {
			t.Fatalf("line %d states %s twice", n+1, path)
		}
		paths[path] = strings.TrimSpace(value)
	}
	return paths
}

func TestComposeFile(t *testing.T) {
	got := yamlPaths(t, readRepositoryFile(t, "docker-compose.yml"))
	want := map[string]string{
		"services.gridbeat.build":            ".",
		"services.gridbeat.command":          `["demo", "--listen", "127.0.0.1:8080"]`,
		"services.gridbeat.network_mode":     "host",
		"services.gridbeat.healthcheck.test": `["CMD", "gridbeat", "health", "--quiet"]`,
		"services.gridbeat.volumes":          "gridbeat-data:/data\n",
		"volumes.gridbeat-data":              "",

		"services.postgis.image":                         "postgis/postgis:15-3.3",
		"services.postgis.ports":                         `["127.0.0.1:5432:5432"]`,
		"services.province.command":                      `["serve", "--listen", "127.0.0.1:8081"]`,
		"services.province.environment.GRIDBEAT_STORE":   "postgres://server:${GRIDBEAT_SERVER_PASSWORD:-}@127.0.0.1:5432/gridbeat",
		"services.province.depends_on.login.condition":   "service_completed_successfully",
		"services.login.depends_on.migrate.condition":    "service_completed_successfully",
		"services.migrate.depends_on.postgis.condition":  "service_healthy",
		"services.postgis.environment.POSTGRES_PASSWORD": "${GRIDBEAT_OWNER_PASSWORD:-}",
	}
	for path, value := range want {
		if g, ok := got[path]; !ok || g != value {
			t.Errorf("%s is %q, want %q", path, g, value)
		}
	}
	if store := got["services.gridbeat.environment.GRIDBEAT_STORE"]; !strings.HasPrefix(store, "/data/") || !strings.HasSuffix(store, ".gpkg") {
		t.Errorf("the store %q is not a GeoPackage on the volume", store)
	}
	if _, has := got["services.gridbeat.ports"]; has {
		t.Error("ports are published, though the server listens on loopback only")
	}
}

// TestComposeReadsItsFile has docker-compose itself check the file, all profiles.
func TestComposeReadsItsFile(t *testing.T) {
	if _, err := exec.LookPath("docker-compose"); err != nil {
		if os.Getenv("GRIDBEAT_REQUIRE_TOOLS") != "" {
			t.Fatal("docker-compose is absent; run make test")
		}
		t.Skip("docker-compose is absent; make test installs it")
	}
	for _, profile := range [][]string{nil, {"--profile", "province"}} {
		args := append([]string{"-f", filepath.Join(repository, "docker-compose.yml")}, profile...)
		if out, err := exec.Command("docker-compose", append(args, "config")...).CombinedOutput(); err != nil || len(profile) > 0 && !strings.Contains(string(out), "postgis") {
			t.Errorf("%v: %v\n%s", profile, err, out)
		}
	}
}

func TestDockerfile(t *testing.T) {
	text := readRepositoryFile(t, "Dockerfile")
	logical := strings.ReplaceAll(text, "\\\n", " ")
	var stages []string
	for n, line := range strings.Split(logical, "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		word, rest, _ := strings.Cut(line, " ")
		known := []string{"FROM", "WORKDIR", "COPY", "RUN", "USER", "VOLUME", "ENV", "HEALTHCHECK", "ENTRYPOINT", "CMD"}
		if !slices.Contains(known, word) {
			t.Errorf("instruction %d is unknown: %q", n+1, word)
		}
		if word == "FROM" {
			stages = append(stages, rest)
		}
	}
	if len(stages) != 3 || strings.Contains(stages[2], " AS ") {
		t.Errorf("stages: %q", stages)
	}
	for _, m := range regexp.MustCompile(`--from=(\S+)`).FindAllStringSubmatch(text, -1) {
		if !slices.ContainsFunc(stages, func(s string) bool { return strings.HasSuffix(s, " AS "+m[1]) }) {
			t.Errorf("a file is copied from %s, which is no stage", m[1])
		}
	}
	for _, m := range regexp.MustCompile(`(?m)^COPY ([^-\n].*) \S+$`).FindAllStringSubmatch(text, -1) {
		for _, name := range strings.Fields(m[1]) {
			if _, err := os.Stat(filepath.Join(repository, name)); err != nil {
				t.Errorf("the image copies %s: %v", name, err)
			}
		}
	}
	last := text[strings.LastIndex(text, "\nFROM "):]
	if !strings.Contains(last, "\nUSER gridbeat\n") {
		t.Error("the image runs as root")
	}
}

func TestGoVersionsAgree(t *testing.T) {
	mod := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(readRepositoryFile(t, "go.mod"))[1]
	for _, file := range []string{"Dockerfile", "README.md", ".ci/setup-tools"} {
		if !strings.Contains(readRepositoryFile(t, file), mod) {
			t.Errorf("%s does not name Go %s, which go.mod asks for", file, mod)
		}
	}
}
