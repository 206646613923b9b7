# Run `make` to see what there is. Each target sets up all that it needs, says what
# it installs, and works offline the second time.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test build check bench fuzz torture ui clean

T ?= 10m
N ?= 200
PKG ?= ./...
UI_PACKAGES := api/ui/node_modules/.package-lock.json
UI_SOURCES := $(shell find api/ui -type f -not -path '*/node_modules/*' -not -path '*/dist/*' -not -path '*/e2e/*' 2>/dev/null)

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: build ## build everything and open the demo on http://127.0.0.1:8080
	bin/gridbeat demo $(ARGS)

test: build ## install what tests need and run them all
	@.ci/test

build: ui ## bin/gridbeat, with the map page inside
	@.ci/step 'build bin/gridbeat' go build -o bin/gridbeat ./cmd/gridbeat

check: ui ## fast: format, vet, the short tests; before each commit
	@.ci/step 'format' .ci/format
	@.ci/step 'vet' go vet $(PKG)
	@.ci/step 'short tests' go test -short $(PKG)

bench: ui ## all benchmarks; PKG=./geo/... for some
	go test -run '^$$' -bench . -benchmem $(PKG)

fuzz: ui ## 1,000,000 random edits, new random properties, then every fuzz target for T=10m; PKG=./geo/... for some
	@PKG='$(PKG)' .ci/fuzz $(T)

torture: ui ## kill -9 servers and PostgreSQL N=200 times each while clients write
	@.ci/setup-debian postgresql-15 postgresql-15-postgis-3
	@GRIDBEAT_REQUIRE_PG=1 GRIDBEAT_TORTURE_ROUNDS=$(N) go test -count=1 -timeout 3h -v -run '^TestTorture' ./cmd/gridbeat

clean: ## remove what was built; downloads and stores stay
	rm -rf bin .stamps api/ui/dist/assets api/ui/dist/index.html

ui: api/ui/dist/index.html

.stamps/tools: .ci/setup-tools .ci/setup-debian
	@.ci/setup-tools
	@.ci/setup-debian zlib1g-dev pkg-config
	@mkdir -p .stamps && touch $@

$(UI_PACKAGES): api/ui/package-lock.json api/ui/package.json | .stamps/tools
	@.ci/setup-ui .stamps/npm
	@touch $@

api/ui/dist/index.html: $(UI_SOURCES) $(UI_PACKAGES)
	@cd api/ui && ../../.ci/step 'build the map page' npm run --silent build -- --logLevel warn
	@touch $@
