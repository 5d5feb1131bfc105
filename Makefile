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

# ---- the browser side

# Its modules are installed again when the lock changed: those that build suffice for `make build`; tests and checks need
# the tools too. `npm ci` empties node_modules, and the stamps with it, so the tools come first where both are wanted.
MODULES := web-client/node_modules/.stamp
TOOLS   := web-client/node_modules/.tools

$(MODULES): web-client/package-lock.json web-client/package.json
	cd web-client && npm ci --omit=dev --ignore-scripts --no-audit --no-fund
	touch $@

$(TOOLS): web-client/package-lock.json web-client/package.json
	cd web-client && npm ci --ignore-scripts --no-audit --no-fund
	touch $(MODULES) $@

# What Vite builds, when a file of it changed. A folder changes when a file in it goes.
APP      := $(if $(wildcard web-client/index.html),web-client/dist/app/.stamp)
EXPLORER := web-client/dist/explorer/.stamp

$(APP): $(MODULES) $(shell find web-client/src web-client/public 2>/dev/null) $(wildcard web-client/index.html web-client/vite.config.ts)
	cd web-client && npx vite build --logLevel warn && node scripts/compress.mjs dist/app
	touch $@

$(EXPLORER): $(MODULES) $(shell find web-client/explorer)
	cd web-client && npx vite build --config explorer/vite.config.ts --logLevel warn && node scripts/compress.mjs dist/explorer
	touch $@

.PHONY: pages
pages: $(APP) $(EXPLORER)

# ---- the program

.PHONY: build
build: pages ## Builds bin/gongshu, with the pages in it
	go build -ldflags "-s -w$(if $(VERSION), -X main.number=$(VERSION))" -o bin/gongshu ./cmd/gongshu

.PHONY: run
run: build ## Builds and serves; the first start makes the database and loads the demo
	bin/gongshu serve

.PHONY: dev
dev: build ## Serves, with Vite in front that shows a change of the pages at once
	bin/gongshu serve & server=$$!; trap 'kill $$server' EXIT; cd web-client && npx vite

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
test: $(TOOLS) $(CONFORMANCE) pages ## Runs every test, those in a browser and on Postgres included, with a server of its own
	cd web-client && npx vitest run
	go build ./...
	scripts/chromium run -- scripts/postgres run -- go test -p 2 -timeout 60m ./...

.PHONY: fuzz
fuzz: ## Runs every fuzz function for FUZZTIME (30s)
	FUZZTIME=$(FUZZTIME) scripts/fuzz

# What `make bench` measures, and where it writes it; BENCH_DOCUMENT= leaves the document alone. Beside the market on Postgres are
# PostGraphile, which brings its own Node, and a program of hand-written SQL; BENCH_BESIDE= measures the market alone.
BENCH_PRODUCTS    ?= 100000
BENCH_SEED        ?= 1
BENCH_SECONDS     ?= 5
BENCH_DATABASES   ?= sqlite postgres
BENCH_CONNECTIONS ?= 1 16 64
BENCH_BESIDE      ?= postgraphile sql
BENCH_DOCUMENT    ?= docs/performance.md

BESIDE := $(if $(findstring postgraphile,$(BENCH_BESIDE)),e2e/bench/postgraphile/node_modules/.stamp)

# Measures on the databases of $(1), the market alone too where $(2) is true.
BENCH = go build -o bin/ ./e2e/bench ./e2e/bench/bysql && \
	$(if $(findstring postgres,$(1)),GONGSHU_POSTGRES_DURABLE=on scripts/postgres run -- )bin/bench -alone=$(2) -beside '$(BENCH_BESIDE)' \
		-products '$(BENCH_PRODUCTS)' -seed '$(BENCH_SEED)' -seconds '$(BENCH_SECONDS)' \
		-databases '$(1)' -connections '$(BENCH_CONNECTIONS)' -document '$(BENCH_DOCUMENT)'

.PHONY: bench
bench: build $(BESIDE) ## Measures the program over HTTP on a large market, on both databases and beside others, and writes docs/performance.md
	$(call BENCH,$(BENCH_DATABASES),true)
	$(if $(findstring postgres,$(BENCH_DATABASES)),$(MAKE) paidbench)
	$(MAKE) searchbench

.PHONY: besidebench
besidebench: build $(BESIDE) ## Measures the program beside PostGraphile and hand-written SQL on one Postgres; a part of bench
	$(call BENCH,postgres,false)

.PHONY: searchbench
searchbench: ## Measures the built-in search alone, on 100,000 and on 1,000,000 products; a part of bench
	go test -run '^$$' -bench 'Search16|Rebuild|Put' ./search/inverted
	go test -run '^$$' -bench SearchLeast -benchtime 100x ./search/inverted
	go test -run '^$$' -bench 'Search16' -timeout 30m ./search/inverted -args -market 1000000
	go test -run '^$$' -bench SearchLeast -benchtime 100x -timeout 30m ./search/inverted -args -market 1000000

.PHONY: paidbench
paidbench: ## Measures durably paid orders on Postgres, by the market and by its bare statements; a part of bench
	GONGSHU_POSTGRES_DURABLE=on scripts/postgres run -- go test -run '^$$' -bench PaidOrders -benchtime 1x -timeout 30m ./e2e/link

.PHONY: search-eval
search-eval: ## Judges the search by class of query, beside bleve's stock analyzer, Postgres full text and, with MEILI_URL, Meilisearch
	scripts/postgres run -- go run ./search/eval/table

.PHONY: screens
screens: $(TOOLS) build ## Takes the pictures of docs/screens/ from the running program
	scripts/chromium run -- scripts/demo run -- node web-client/scripts/screens.mjs

.PHONY: vitals
vitals: $(TOOLS) build ## Measures in a browser how fast the public pages come and answer, and writes docs/browser-times.md
	scripts/chromium run -- scripts/demo run -- node web-client/scripts/vitals.mjs

.PHONY: microbench
microbench: ## Measures single functions that have to be fast, and a month of bills and statements
	go test -run '^$$' -bench . -benchmem ./pricing/... ./search/... ./internal/dataset/... ./internal/server/graphqlhttp/...
	scripts/postgres run -- go test -run '^$$' -bench 'Month|Statements' -benchtime 1x -benchmem -timeout 30m ./internal/market

# GONGSHU_CAMPAIGN tells the tests that draw random worlds, kill, or cut links, to do all of it, not a tenth; RAPID_CHECKS is rapid's own.
# The counts of the kills go into their page.
.PHONY: campaign
campaign: $(TOOLS) $(CONFORMANCE) pages ## Runs the long campaigns in full, then the fuzz functions and the benchmarks of single functions
	go build ./...
	GONGSHU_CAMPAIGN=full RAPID_CHECKS=1000 GONGSHU_KILLS_RECORD=$(CURDIR)/docs/kills.md scripts/chromium run -- scripts/postgres run -- go test -p 1 -count=1 -timeout 0 ./...
	RAPID_CHECKS=10000 go test -count=1 ./pricing
	FUZZ_RECORD=docs/hostile-input.md $(MAKE) fuzz
	$(MAKE) microbench

# ---- checks

.PHONY: check
check: generated tidy format vet lint client ## Checks what is generated, go.mod, the format, vet and lint, the types and the budgets of the pages

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

# The lock names no registry, so that npm asks the one that it is configured with.
.PHONY: client
client: $(TOOLS) pages
	@if grep -n '"resolved"' web-client/package-lock.json; then echo "make check: package-lock.json names where packages were fetched from" >&2; exit 1; fi
	cd web-client && npx tsc --noEmit -p . && npx tsc -p explorer && npx biome check .
ifneq ($(APP),)
	cd web-client && npm run --silent codegen
	@changed=$$(git status --porcelain -- 'web-client/*.gql.ts'); \
	if [ -n "$$changed" ]; then printf "make check: out of date; commit what 'npm run codegen' made\n%s\n" "$$changed" >&2; exit 1; fi
	cd web-client && node scripts/budgets.mjs
endif

.PHONY: clean
clean: ## Removes what was built; var/, the data of `make run`, stays
	rm -rf bin e2e/bench/postgraphile/node_modules e2e/conformance/node_modules web-client/node_modules web-client/dist/app web-client/dist/explorer
