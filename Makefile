# stet: `make site` builds the program and the case study, `make test` proves them. `make help` lists the rest.
SHELL   := /bin/bash
MODULES := base project dataset engine metric chart template page site publish cli
BUILD   ?= build
PREFIX  ?= /usr/local
TO       = $(DESTDIR)$(PREFIX)
CC      ?= cc
CFLAGS  ?= -O2 -g
WARN    := -Wall -Wextra -Wconversion -Wshadow $(if $(DEVELOPER),-Werror)
PKGS    := glib-2.0 gmodule-2.0 gio-2.0 libfyaml icu-i18n icu-uc libcrypto libcmark libxml-2.0 cairo pangocairo \
           zlib libzstd libarchive libmicrohttpd odbc
DEBS    := gcc libc6-dev pkg-config libglib2.0-dev libfyaml-dev libicu-dev libssl-dev libcsv-dev zlib1g-dev libzstd-dev \
           libcmark-dev libxml2-dev libcairo2-dev libpango1.0-dev libarchive-dev libmicrohttpd-dev unixodbc-dev \
           fonts-inter fonts-dejavu-core fonts-noto-core fontconfig ca-certificates
DEBS_TEST := perl chromium postgresql odbc-postgresql libxml2-utils libclang-rt-14-dev clang-14 cppcheck clang-tidy-14 \
           procps poppler-utils default-jre-headless man-db groff zsh fish
DUCKDB_PREFIX ?= .deps/duckdb
DUCKDB_DEP := $(if $(filter .deps/duckdb,$(DUCKDB_PREFIX)),.deps/duckdb/lib/libduckdb.so)

# Asked once, when first needed: the packages may be installed by this very run.
PC_CFLAGS = $(eval PC_CFLAGS := $(shell pkg-config --cflags $(PKGS)))$(PC_CFLAGS)
PC_LIBS   = $(eval PC_LIBS := $(shell pkg-config --libs $(PKGS)))$(PC_LIBS)
ALL_CFLAGS = -std=c11 -D_GNU_SOURCE -pthread $(WARN) -Iinclude -Igenerator -I$(BUILD)/gen -isystem $(DUCKDB_PREFIX)/include \
             $(patsubst -I%,-isystem %,$(PC_CFLAGS)) $(CFLAGS) -DSTET_DUCKDB_LIB='"$(abspath $(DUCKDB_PREFIX))/lib/libduckdb.so"'
ALL_LIBS   = $(LDFLAGS) -Wl,--as-needed $(PC_LIBS) -lcsv -lm -pthread

# What each module may rest on when a test links it: itself and every earlier one, latest first.
seen :=
$(foreach m,$(MODULES),$(eval seen := $(m) $(seen))$(eval UPTO_$(m) := $(seen)))
objects  = $(patsubst generator/%.c,$(BUILD)/obj/%.o,$(sort $(wildcard generator/$(1)/*.c))) \
           $(patsubst generator/%.gresource.xml,$(BUILD)/obj/%.gresource.o,$(wildcard generator/$(1)/*.gresource.xml))
UNITS   := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(sort $(wildcard tests/unit/*.c)))

.PHONY: help site stet test unit deps data bench install check-headers format lint asan clean
.SECONDEXPANSION:
.DELETE_ON_ERROR:
.SECONDARY:

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(firstword $(MAKEFILE_LIST)) | column -t -s '|'

site: stet ## install what is missing, build stet, build the case study into out/
	@$(BUILD)/stet build .
	@echo "open file://$(CURDIR)/out/index.html"

stet: $(BUILD)/stet ## the program alone, as build/stet

deps: .deps/packages $(DUCKDB_DEP) ## install the Debian packages and fetch DuckDB

.deps/packages: Makefile
	@tests/deps.sh packages $(DEBS)
	@mkdir -p .deps && touch $@

.deps/test-packages: Makefile tests/package.json
	@tests/deps.sh packages $(DEBS_TEST)
	@tests/deps.sh node tests
	@mkdir -p .deps && touch $@

.deps/duckdb/lib/libduckdb.so: tests/deps.sh | .deps/packages
	@tests/deps.sh duckdb .deps/duckdb

$(BUILD)/stet: $(foreach m,$(MODULES),$$(call objects,$(m))) $(BUILD)/obj/main.o
	$(CC) $(CFLAGS) -o $@ $^ $(ALL_LIBS)

$(BUILD)/obj/%.o: generator/%.c | .deps/packages $(DUCKDB_DEP)
	@mkdir -p $(@D)
	@echo "  CC $@"; $(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/gen/%.gresource.c: generator/%.gresource.xml | .deps/packages
	@mkdir -p $(@D)
	glib-compile-resources --generate-source --sourcedir=generator --c-name=stet_$(notdir $*) \
	  --dependency-file=$@.d --target=$@ $<
	@sed -i '1s|^[^:]*|$@|' $@.d

$(BUILD)/obj/%.gresource.o: $(BUILD)/gen/%.gresource.c
	@mkdir -p $(@D)
	@echo "  CC $@"; $(CC) $(ALL_CFLAGS) -w -c -o $@ $<

$(BUILD)/lib/%.a: $$(call objects,%)
	@mkdir -p $(@D)
	@rm -f $@ && ar rcs $@ $^

$(BUILD)/unit/%: tests/unit/%.c $$(foreach m,$$(UPTO_$$(firstword $$(subst _, ,$$*))),$(BUILD)/lib/$$m.a)
	@mkdir -p $(@D)
	@echo "  CC $@"; $(CC) $(ALL_CFLAGS) -MMD -MP -o $@ $< $(filter %.a,$^) $(ALL_LIBS)

$(BUILD)/bench/%: tests/bench/%.c $(foreach m,chart metric engine dataset project base,$(BUILD)/lib/$(m).a)
	@mkdir -p $(@D)
	@echo "  CC $@"; $(CC) $(ALL_CFLAGS) -MMD -MP -o $@ $< $(filter %.a,$^) $(ALL_LIBS)

unit: $(filter $(BUILD)/unit/$(M)%,$(UNITS)) ## unit tests alone; M=chart for one module's
	@prove --exec tests/run $^

test: $(BUILD)/stet $(UNITS) $(BUILD)/panel .deps/test-packages ## every test, with what only tests need
	@BUILD=$(BUILD) prove --timer --exec tests/run $(UNITS) $(sort $(wildcard tests/*/*.t))

data: $(BUILD)/panel ## rewrite the committed synthetic CSVs; ROWS=1000000 TO=DIR for a larger panel
	@$(BUILD)/panel $(or $(TO),data) $(ROWS)

$(BUILD)/panel: data/panel.c data/market.h data/random.h | .deps/packages
	@mkdir -p $(@D)
	$(CC) -std=c11 $(WARN) $(CFLAGS) -o $@ $< -lm

bench: $(BUILD)/stet $(BUILD)/panel ## timings, as ratios within one run
	@BUILD=$(BUILD) tests/bench/run

install: $(BUILD)/stet ## copy stet, its manual pages and completions to $(DESTDIR)$(PREFIX)
	install -D $< $(TO)/bin/stet
	install -D -m 644 $(DUCKDB_PREFIX)/lib/libduckdb.so $(TO)/lib/stet/libduckdb.so
	install -d $(addprefix $(TO)/share/,man/man1 man/man5 man/man7 bash-completion/completions zsh/site-functions fish/vendor_completions.d)
	$< manual >$(TO)/share/man/man1/stet.1
	$< manual report >$(TO)/share/man/man5/stet-report.5
	for page in data metrics charts site warehouse; do $< manual $$page >$(TO)/share/man/man7/stet-$$page.7; done
	$< completion bash >$(TO)/share/bash-completion/completions/stet
	$< completion zsh >$(TO)/share/zsh/site-functions/_stet
	$< completion fish >$(TO)/share/fish/vendor_completions.d/stet.fish

check-headers: | .deps/packages $(DUCKDB_DEP) ## every public header compiles alone
	@for h in include/stet/*.h; do $(CC) $(ALL_CFLAGS) -fsyntax-only -x c $$h || exit 1; done

format: ## lay the sources out by .clang-format
	clang-format -i $$(git ls-files '*.c' '*.h')

lint: export CFLAGS_LINT = $(ALL_CFLAGS)
lint: check-headers .deps/test-packages ## module borders, banned calls, cppcheck, clang-tidy
	@tests/lint/run

asan: ## build with Address- and UndefinedBehaviorSanitizer and run every test
	@LSAN_OPTIONS=suppressions=$(CURDIR)/tests/lsan.supp:print_suppressions=0 $(MAKE) --no-print-directory BUILD=$(BUILD)/asan LDFLAGS="-fsanitize=address,undefined" \
	  CFLAGS="-O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined" test

clean: ## remove what was built; .deps stays
	rm -rf $(BUILD) out .stet

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
