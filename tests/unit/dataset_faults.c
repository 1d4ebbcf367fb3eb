/* Bad input: each case is one small file, its schema, and the diagnostics it must give. */
#include "stet/dataset.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct {
	const char *name;
	const char *csv;
	gssize length;        /* -1: up to the NUL */
	const char *resource; /* further keys of the resource; NULL: none, and no schema */
	const char *expected; /* "line:column code" of each, separated by a space and a comma */
} Case;

#define FIELDS(fields) "\"schema\": {\"fields\": [" fields "]}"
#define AB FIELDS("{\"name\": \"a\", \"type\": \"string\"}, {\"name\": \"b\", \"type\": \"integer\"}")
#define ONE(type) FIELDS("{\"name\": \"a\", \"type\": " type "}, {\"name\": \"z\", \"type\": \"string\"}")

static const Case CASES[] = {
	{"sound", "a,b\nx,1\ny,2\n", -1, AB, ""},
	{"no last line end", "a,b\nx,1\ny,2", -1, AB, ""},
	{"crlf", "a,b\r\nx,1\r\ny,zz\r\n", -1, AB, "3:3 value-type"},
	{"cr alone", "a,b\rx,1\ry,zz\r", -1, AB, "3:3 value-type"},
	{"bom",
	 "\xEF\xBB\xBF"
	 "a,b\nx,zz\n",
	 -1, AB, "2:3 value-type"},
	{"empty file", "", -1, AB, "1:0 csv-empty"},
	{"header only", "a,b\n", -1, AB, ""},
	{"short row", "a,b\nx,1\ny\nz,3\n", -1, AB, "3:2 csv-ragged"},
	{"long row", "a,b\nx,1,9\nz,3\n", -1, AB, "2:5 csv-ragged"},
	{"long row after a cell of two lines", "a,b\n\"x\ny\",1,9\nz,q\n", -1, AB,
	 "3:6 csv-ragged, 4:3 value-type"},
	{"unclosed quote", "a,b\nx,1\n\"y,2\nz,3\n", -1, AB, "3:1 csv-unclosed-quote"},
	{"unclosed quote in the second cell", "a,b\nx,\"1\ny,2\n", -1, AB, "2:3 csv-unclosed-quote"},
	{"text after a quote", "a,b\n\"x\"y,1\nz,3\n", -1, AB, "2:4 csv-quote"},
	{"quote inside a cell", "a,b\n5\" pipe,1\nz,3\n", -1, AB, "2:2 csv-quote"},
	{"two stray quotes", "a,b\n5\" pipe,1\nz,3\n6\" pipe,1\n", -1, AB, "2:2 csv-quote, 4:2 csv-quote"},
	{"rows swallowed by a cell", "a,b,c\n\"x,1,1\ny,2,2\nz,3,3\",4,5\nw,6,7\n", -1,
	 FIELDS("{\"name\": \"a\"}, {\"name\": \"b\"}, {\"name\": \"c\"}"), "2:1 csv-swallowed-rows"},
	{"invalid byte", "a,b\nx\xFFy,1\n", -1, AB, "2:1 csv-encoding"},
	{"nul byte", "a,b\nx\0y,1\n", 10, AB, "2:1 csv-nul"},
	{"missing column", "a,c\nx,1\n", -1, AB, "1:1 csv-header, 1:1 csv-header"},
	{"column beyond the schema", "a,b,c\nx,1,2\n", -1, AB, "1:1 csv-header"},
	{"column beyond the schema, allowed", "a,b,c\nx,1,2\n", -1,
	 "\"schema\": {\"fieldsMatch\": [\"subset\"], \"fields\": [{\"name\": \"a\"}]}", ""},
	{"columns in another order", "b,a\n1,x\n", -1, AB, ""},
	{"duplicate names", "a,a\nx,1\n", -1, NULL, "1:3 csv-header"},
	{"empty name", "a,,c\nx,1,2\n", -1, NULL, "1:3 csv-header"},
	{"decimal comma", "a;z\n12,40;x\n", -1, ONE("\"number\""), "2:1 value-type"},
	{"decimal comma, declared", "a;z\n1.012,40;x\n", -1,
	 ONE("\"number\", \"decimalChar\": \",\", \"groupChar\": \".\""), ""},
	{"percent and currency", "a,z\n$12.5,x\n95%,y\n-$3,z\n", -1, ONE("\"number\", \"bareNumber\": false"),
	 ""},
	{"percent, not declared", "a,z\n95%,y\n", -1, ONE("\"number\""), "2:1 value-type"},
	{"integer overflow", "a,z\n9223372036854775807,x\n9223372036854775808,x\n-9223372036854775808,x\n", -1,
	 ONE("\"integer\""), "3:1 value-overflow"},
	{"not a number", "a,z\nNaN,x\nInf,x\n-INF,x\n", -1, ONE("\"number\""),
	 "2:1 value-not-finite, 3:1 value-not-finite, 4:1 value-not-finite"},
	{"hexadecimal", "a,z\n0x10,x\n", -1, ONE("\"number\""), "2:1 value-type"},
	{"scale", "a,z\n1.25,x\n1.250,x\n1.255,x\n", -1, ONE("\"number\", \"stet:decimals\": 2"),
	 "4:1 value-scale"},
	{"leap day", "a,z\n2024-02-29,x\n2025-02-29,x\n", -1, ONE("\"date\""), "3:1 value-type"},
	{"date pattern", "a,z\n31/12/2025,x\n12/31/2025,x\n", -1, ONE("\"date\", \"format\": \"%d/%m/%Y\""),
	 "3:1 value-type"},
	{"time", "a,z\n23:59:59,x\n24:00:00,x\n", -1, ONE("\"time\""), "3:1 value-type"},
	{"quarter", "a,z\n2025Q4,x\n2025Q5,x\n2025q1,x\n", -1, ONE("\"date\", \"format\": \"quarter\""),
	 "3:1 value-type, 4:1 value-type"},
	{"yearmonth", "a,z\n2025-12,x\n2025-13,x\n", -1, ONE("\"yearmonth\""), "3:1 value-type"},
	{"boolean", "a,z\ntrue,x\n1,x\nyes,x\n", -1, ONE("\"boolean\""), "4:1 value-type"},
	{"duration", "a,z\nP1Y2M,x\nPT36H,x\nP1H,x\nP,x\n", -1, ONE("\"duration\""),
	 "4:1 value-type, 5:1 value-type"},
	{"geopoint", "a;z\n13.4, 52.5;x\n13.4;x\n200,1;x\n", -1, ONE("\"geopoint\""),
	 "3:1 value-type, 4:1 value-type"},
	{"geopoint as an array", "a;z\n[13.4, 52.5];x\n13.4, 52.5;x\n[13.4];x\n", -1,
	 ONE("\"geopoint\", \"format\": \"array\""), "3:1 value-type, 4:1 value-type"},
	{"geopoint as an object", "a;z\n'{\"lon\": 13.4, \"lat\": 52.5}';x\n'{\"lat\": 95, \"lon\": 1}';x\n'{\"lat\": 5}';x\n", -1,
	 "\"dialect\": {\"quoteChar\": \"'\"}, " ONE("\"geopoint\", \"format\": \"object\""), "3:1 value-type, 4:1 value-type"},
	{"list", "a;z\n1,2, 3;x\n1,b;x\n;x\n", -1, ONE("\"list\", \"itemType\": \"integer\""), "3:1 value-type"},
	{"list with a delimiter of its own", "a,z\nx|y|z,1\nx|y,1\n", -1,
	 ONE("\"list\", \"delimiter\": \"|\", \"constraints\": {\"minLength\": 3}"), "3:1 value-length"},
	{"list of no type", "a,z\nx,1\n", -1, ONE("\"list\", \"itemType\": \"integr\""), "7:23 schema-format"},
	{"array", "a;z\n[1, [2, null], true];x\n[1, 2;x\n{};x\n[];x\n", -1,
	 ONE("\"array\", \"constraints\": {\"minLength\": 1}"), "3:1 value-type, 4:1 value-type, 5:1 value-length"},
	{"array in an array, without end",
	 "a;z\n[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[;x\n", -1, ONE("\"array\""),
	 "2:1 value-type"},
	{"object", "a;z\n{};x\n[1];x\n{a: 1};x\n", -1, ONE("\"object\""), "3:1 value-type, 4:1 value-type"},
	{"duration bounds", "a,z\nP10Y,1\nP9Y,1\nP119M,1\nP3652D,1\nP3000D,1\n", -1,
	 ONE("\"duration\", \"constraints\": {\"minimum\": \"P10Y\"}"),
	 "3:1 value-minimum, 4:1 value-minimum, 6:1 value-minimum"},
	{"categories", "a,z\nred,1\nblue,1\ngreen,1\n", -1,
	 ONE("\"string\", \"categories\": [\"red\", {\"value\": \"blue\", \"label\": \"Blue\"}]"), "4:1 value-enum"},
	{"base64", "a,z\nYWJj,1\nYWJ,1\nYW==,1\n", -1, ONE("\"string\", \"format\": \"binary\""), "3:1 value-type"},
	{"other unique keys", "a,b\nx,1\nx,2\nx,1\n,1\n,1\n", -1,
	 "\"schema\": {\"fields\": [{\"name\": \"a\"}, {\"name\": \"b\", \"type\": \"integer\"}], "
	 "\"uniqueKeys\": [[\"a\", \"b\"]]}",
	 "4:0 key-duplicate"},
	{"exact order, declared", "b,a\n1,x\n", -1,
	 "\"schema\": {\"fieldsMatch\": \"exact\", \"fields\": [{\"name\": \"a\"}, {\"name\": \"b\"}]}",
	 "1:1 csv-header"},
	{"fewer columns, allowed", "a\nx\n", -1,
	 "\"schema\": {\"fieldsMatch\": \"superset\", \"fields\": [{\"name\": \"a\"}, {\"name\": \"b\"}]}", ""},
	{"no column of the schema", "c\nx\n", -1,
	 "\"schema\": {\"fieldsMatch\": \"partial\", \"fields\": [{\"name\": \"a\"}, {\"name\": \"b\"}]}",
	 "1:1 csv-header"},
	{"an unknown match", "a\nx\n", -1,
	 "\"schema\": {\"fieldsMatch\": \"some\", \"fields\": [{\"name\": \"a\"}]}", "1:16 schema-match"},
	{"email", "a,z\nx@y.org,1\nx.y.org,1\n", -1, ONE("\"string\", \"format\": \"email\""), "3:1 value-type"},
	{"required", "a,z\n,1\nx,1\n", -1, ONE("\"string\", \"constraints\": {\"required\": true}"),
	 "2:1 value-required"},
	{"enum", "a,z\nred,1\nrde,1\n", -1, ONE("\"string\", \"constraints\": {\"enum\": [\"red\", \"blue\"]}"),
	 "3:1 value-enum"},
	{"minimum", "a,z\n1.50,1\n1.49,1\n", -1, ONE("\"number\", \"constraints\": {\"minimum\": 1.5}"),
	 "3:1 value-minimum"},
	{"exclusive maximum", "a,z\n1,1\n2,1\n", -1,
	 ONE("\"integer\", \"constraints\": {\"exclusiveMaximum\": 2}"), "3:1 value-maximum"},
	{"length", "a,z\n\xC3\xA9\xC3\xA9,1\nabc,1\n", -1, ONE("\"string\", \"constraints\": {\"maxLength\": 2}"),
	 "3:1 value-length"},
	{"pattern", "a,z\nE12,1\nxE12,1\nE12x,1\n", -1,
	 ONE("\"string\", \"constraints\": {\"pattern\": \"E[0-9]+\"}"), "3:1 value-pattern, 4:1 value-pattern"},
	{"pattern of exponential cost", "a,z\naaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!,1\n", -1,
	 ONE("\"string\", \"constraints\": {\"pattern\": \"(a|aa)+\"}"), "2:1 pattern-cost"},
	{"unique", "a,z\nx,1\ny,2\nx,3\n", -1, ONE("\"string\", \"constraints\": {\"unique\": true}"),
	 "4:0 value-unique"},
	{"primary key", "a,b\nx,1\nx,2\nx,1\n,3\n", -1,
	 "\"schema\": {\"fields\": [{\"name\": \"a\"}, {\"name\": \"b\", \"type\": \"integer\"}], "
	 "\"primaryKey\": [\"a\", \"b\"]}",
	 "4:0 key-duplicate, 5:0 key-missing"},
	{"missing values", "a,z\nn/a,1\n-,2\n3,3\n", -1, ONE("\"integer\", \"missingValues\": [\"n/a\", \"-\"]"),
	 ""},
	{"pipe, comment lines", "# note\na|b\n# \"more\nx|1\n", -1,
	 "\"dialect\": {\"delimiter\": \"|\", \"commentChar\": \"#\"}, " AB, ""},
	{"a dialect key misspelt", "a;b\nx;1\n", -1, "\"dialect\": {\"delimeter\": \";\"}, " AB, "7:14 dialect-key"},
	{"a dialect key of one's own", "a,b\nx,1\n", -1, "\"dialect\": {\"x-tool\": \"wh\"}, " AB, ""},
	{"rows of comments by number", "a,b\nname,count\nx,1\n", -1, "\"dialect\": {\"commentRows\": [2]}, " AB, ""},
	{"rows of comments far below", "a,b\nx,1\ny,2\n", -1, "\"dialect\": {\"commentRows\": [3]}, " AB, "7:29 dialect"},
	{"a null sequence", "a,b\nx,\\N\n", -1, "\"dialect\": {\"nullSequence\": \"\\\\N\"}, " AB, ""},
	{"a file as described", "a,b\nx,1\n", -1, "\"bytes\": 8, \"hash\": \"md5 of something\", " AB, ""},
	{"another number of bytes", "a,b\nx,1\n", -1, "\"bytes\": 9, " AB, "7:10 package-bytes"},
	{"another hash", "a,b\nx,1\n", -1,
	 "\"hash\": \"sha256:0000000000000000000000000000000000000000000000000000000000000000\", " AB, "7:10 package-hash"},
	{"escape character", "a,b\n\"x\\\"y,\",1\n", -1, "\"dialect\": {\"escapeChar\": \"\\\\\"}, " AB, ""},
	{"delimiter of two bytes", "a::b\nx:y::1\nz::q\n", -1, "\"dialect\": {\"delimiter\": \"::\"}, " AB,
	 "3:4 value-type"},
	{"spaces before quotes", "a, b\n\"x,\", \"1\"\n", -1, "\"dialect\": {\"skipInitialSpace\": true}, " AB,
	 ""},
	{"two header rows", "t\n\na,a\nx,y\nv,1\n", -1,
	 "\"dialect\": {\"headerRows\": [2, 3]}, " FIELDS(
		 "{\"name\": \"a x\"}, {\"name\": \"a y\", \"type\": \"integer\"}"),
	 ""},
	{"utf-16",
	 "\xFF\xFE"
	 "a\0,\0b\0\n\0x\0,\0q\0\n\0",
	 18, AB, "2:3 value-type"},
	{"latin-1", "a,b\nx\xE9,1\n", -1, "\"encoding\": \"iso-8859-1\", " AB, ""},
	{"unknown format", "a,z\nx,1\n", -1, ONE("\"string\", \"format\": \"emial\""), "7:23 schema-format"},
	{"empty rows of a spreadsheet", "a,b\n,\n,\nx,1\n\n,\n", -1, AB, "2:1 csv-blank-row, 6:1 csv-blank-row"},
	{"lines before the header", "Report\n\na,b\nx,1\ny,2\nz,3\n", -1, NULL, "3:1 csv-preamble"},
	{"a sum of the rows", "a,b\nx,1\nTotal:,\n", -1, AB, "3:1 csv-total"},
	{"the header once more", "a,b\nx,1\na,b\ny,2\n", -1, AB, "3:1 csv-header-again"},
	{"a sum of the rows, kept", "a,b\nx,1\nTotal,\n", -1, "\"dialect\": {\"stet:keep\": true}, " AB, ""},
	{"a note below", "a,b,c\nx,1,2\nSource: survey,,\n", -1, NULL, "3:1 csv-note"},
	{"a key with nothing beside it", "a,b,c\nx,1,2\nSource,,\n", -1, NULL, ""},
	{"a title padded with delimiters", "Sales,,\na,b,c\nx,1,2\ny,3,4\nz,5,6\n", -1, NULL, "2:1 csv-preamble"},
	{"two header rows, not declared", "who,much,\na,b,c\nx,1,2\ny,3,4\n", -1, NULL,
	 "1:0 csv-dialect, 1:10 csv-header"},
	{"single quotes, not declared", "a,b\n'x,y',1\n'z,w',2\n", -1, NULL,
	 "1:0 csv-dialect, 2:7 csv-ragged, 3:7 csv-ragged"},
	{"escapes, not declared", "a,b\n\"x \\\"y\\\" z\",1\n", -1, NULL, "1:0 csv-dialect, 2:6 csv-quote"},
	{"comments, not declared", "# by hand\na,b\nx,1\ny,2\n", -1, NULL, "1:0 csv-dialect, 2:1 csv-preamble"},
	{"spaces before quotes, not declared", "a, b\n\"x\", \"1, 2\"\n", -1, NULL,
	 "1:0 csv-dialect, 2:6 csv-quote"},
	{"one row with another delimiter", "a,b\nx,1\ny;2\nz,3\n", -1, AB, "3:4 csv-ragged"},
	{"thousands with the delimiter", "a,b\nx,1,234\ny,2\nz,3\n", -1, AB, "2:5 csv-ragged"},
	{"another table as wide", "a,b\nx,1\ny,2\n\nc,d\nz,3\n", -1, NULL, "5:1 csv-second-table"},
	{"another table below", "a,b\nx,1\n\nc,d,e\n1,2,3\n4,5,6\n", -1, AB,
	 "4:1 csv-second-table, 4:5 csv-ragged, 5:5 csv-ragged, 6:5 csv-ragged"},
};

/* "line:column code" of each diagnostic. */
static char *summary(StetDiagnostics *diags)
{
	GString *out = g_string_new(NULL);
	const GPtrArray *all = stet_diagnostics_sorted(diags);
	for (guint i = 0; i < all->len; i++) {
		const StetDiagnostic *d = all->pdata[i];
		g_string_append_printf(out, "%s%u:%u %s", i > 0 ? ", " : "", d->line, d->column, d->code);
	}
	return g_string_free(out, FALSE);
}

static void write_case(const char *dir, const Case *c)
{
	g_autofree char *csv = g_build_filename(dir, "data", "t.csv", NULL);
	g_autofree char *package = g_build_filename(dir, "data", "datapackage.json", NULL);
	g_autofree char *site = g_build_filename(dir, "templates", "site.yaml", NULL);
	g_autofree char *json =
		g_strdup_printf("{\"resources\": [{\"name\": \"t\", \"path\": \"t.csv\"%s%s}]}",
						c->resource != NULL ? ",\n\n\n\n\n\n" : "", c->resource != NULL ? c->resource : "");
	gsize length = c->length < 0 ? strlen(c->csv) : (gsize)c->length;
	g_assert_true(stet_file_write(csv, c->csv, length, NULL));
	g_assert_true(stet_file_write(package, json, strlen(json), NULL));
	g_assert_true(stet_file_write(site, "title: t\n", 9, NULL));
}

static void test_case(gconstpointer data)
{
	const Case *c = data;
	g_autofree char *dir = g_dir_make_tmp("stet-XXXXXX", NULL);
	g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
	write_case(dir, c);
	g_autoptr(StetProject) project = stet_project_load(dir, diags, NULL);
	g_assert_nonnull(project);
	g_autoptr(StetDataset) dataset =
		stet_dataset_load(project, &project->resources[0], &(StetLoadOptions){.jobs = 2}, diags);
	g_autofree char *found = summary(diags);
	g_assert_cmpstr(found, ==, c->expected);
	/* a dataset comes back exactly where there was no error */
	g_assert_true((dataset != NULL) == (stet_diagnostics_count(diags, STET_ERROR) == 0));
	stet_folder_remove(dir, NULL);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
		g_autofree char *path = g_strdup_printf("/dataset/faults/%s", CASES[i].name);
		g_test_add_data_func(path, &CASES[i], test_case);
	}
	return g_test_run();
}
