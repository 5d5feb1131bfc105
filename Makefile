# What one does with Gongshu every day. `make help` lists it.

SHELL       := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS   += --no-builtin-rules --no-print-directory
.DEFAULT_GOAL := help
.NOTPARALLEL:

# One set of compiler flags for everything: package ent/db takes minutes to build, so all targets share its cache.
# The linker's flags of `build` do not touch that cache.
export GOFLAGS := -trimpath -buildvcs=false

# What `gongshu version` says, where there is git.
VERSION := $(shell git describe --always --dirty 2>/dev/null)

# What generating may write to: gqlgen also rewrites the resolvers, and gives one that is missing a body that panics.
GENERATED := ent graph go.mod go.sum

# How long `make fuzz` spends on each function.
FUZZTIME ?= 30s

.PHONY: help
help: ## Prints this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: ## Builds bin/gongshu
	go build -ldflags "-s -w$(if $(VERSION), -X main.number=$(VERSION))" -o bin/gongshu ./cmd/gongshu

.PHONY: run
run: build ## Builds and serves; the first start makes the database and loads the demo
	bin/gongshu serve

.PHONY: generate
generate: ## Generates the code of ent and of the GraphQL edge
	go generate ./ent ./graph

.PHONY: migration
migration: ## Writes the migrations from what is there to the present schema: make migration NAME=what_changes
	scripts/postgres run -- sh -c 'go run ./ent/migrations/make "$(NAME)" "$$GONGSHU_TEST_POSTGRES"'

# ---- tests

# The conformance tests run clients written for Node. Their modules are installed again when the lock changed;
# `npm ci` empties node_modules, and the stamp with it.
CONFORMANCE := $(patsubst %/package-lock.json,%/node_modules/.stamp,$(wildcard e2e/conformance/package-lock.json))

%/node_modules/.stamp: %/package-lock.json %/package.json
	cd $* && npm ci --ignore-scripts --no-audit --no-fund
	touch $@

# Everything is built first: two test binaries that build ent/db side by side need too much memory.
.PHONY: test
test: $(CONFORMANCE) ## Runs every test, those on Postgres included, with a server of its own
	go build ./...
	scripts/postgres run -- go test -p 2 ./...

.PHONY: fuzz
fuzz: ## Runs every fuzz function for FUZZTIME (30s)
	FUZZTIME=$(FUZZTIME) scripts/fuzz

# What `make bench` measures, and where it writes it; BENCH_DOCUMENT= leaves the document alone.
BENCH_PRODUCTS    ?= 100000
BENCH_SEED        ?= 1
BENCH_SECONDS     ?= 5
BENCH_DATABASES   ?= sqlite postgres
BENCH_CONNECTIONS ?= 1 16 64
BENCH_DOCUMENT    ?= docs/performance.md

.PHONY: bench
bench: build ## Measures the program over HTTP on a large market, on both databases, and writes docs/performance.md
	go build -o bin/bench ./e2e/bench
	$(if $(findstring postgres,$(BENCH_DATABASES)),GONGSHU_POSTGRES_DURABLE=on scripts/postgres run -- )bin/bench \
		-products '$(BENCH_PRODUCTS)' -seed '$(BENCH_SEED)' -seconds '$(BENCH_SECONDS)' \
		-databases '$(BENCH_DATABASES)' -connections '$(BENCH_CONNECTIONS)' -document '$(BENCH_DOCUMENT)'

.PHONY: microbench
microbench: ## Measures single functions that have to be fast
	go test -run '^$$' -bench . -benchmem ./pricing/... ./search/... ./internal/dataset/... ./internal/server/graphqlhttp/...

# GONGSHU_CAMPAIGN tells the tests that draw random worlds, or kill, to do all of it, not a tenth; RAPID_CHECKS is rapid's own.
# The counts of the kills go into their page.
.PHONY: campaign
campaign: $(CONFORMANCE) ## Runs the long campaigns in full, then the fuzz functions and the benchmarks of single functions
	go build ./...
	GONGSHU_CAMPAIGN=full RAPID_CHECKS=1000 GONGSHU_KILLS_RECORD=$(CURDIR)/docs/kills.md scripts/postgres run -- go test -p 1 -count=1 -timeout 0 ./...
	FUZZ_RECORD=docs/hostile-input.md $(MAKE) fuzz
	$(MAKE) microbench

# ---- checks

.PHONY: check
check: generated tidy format vet lint ## Checks what is generated, go.mod, the format, vet and lint

.PHONY: generated
generated: generate
	@git diff --exit-code -- $(GENERATED) || { echo "make check: the generated code above is out of date; commit what 'make generate' made" >&2; exit 1; }
	@new=$$(git ls-files --others --exclude-standard -- $(GENERATED)); \
	if [ -n "$$new" ]; then printf 'make check: generated but not committed:\n%s\n' "$$new" >&2; exit 1; fi

.PHONY: tidy
tidy:
	go mod tidy -diff

.PHONY: format
format:
	@bad=$$(find . -name node_modules -prune -o -name '*.go' -print0 | xargs -0 gofmt -l); \
	if [ -n "$$bad" ]; then printf 'make check: not formatted; run gofmt -w on\n%s\n' "$$bad" >&2; exit 1; fi

.PHONY: vet
vet:
	go vet ./...

.PHONY: lint
lint:
	go list ./... | grep -vE '^gongshu/(ent/db|graph/generated)(/|$$)' | xargs go tool staticcheck

.PHONY: clean
clean: ## Removes what was built; var/, the data of `make run`, stays
	rm -rf bin e2e/conformance/node_modules
