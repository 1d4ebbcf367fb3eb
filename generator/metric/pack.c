/* pack: the market pack - functions that stand where SQL has its tables and are written out before it runs:
 *
 *     select period as quarter, hhi from pack.concentration(sales, quarter, vendor, revenue)
 *
 * What they are written out as is SQL that the embedded engine and warehouses understand alike. */
#include "metric/private.h"

#include <string.h>

#define ARGUMENTS_MAX 6u
#define DEPTH_MAX 64u /* brackets in brackets */

/* ---- the functions -------------------------------------------------------------------------- */

/* Pieces that several functions are made of. */
static const struct {
	const char *name, *sql;
} fragments[] = {
	{"amounts", "(select {period} as period, {entity} as entity, sum({value}) as value from {source} as source group by 1, 2)"},
	{"distinct", "(select distinct {period} as period from {source} as source)"},
	{"counted", "(select period, row_number() over (order by period) as counter from {distinct} as every_period)"},
	{"before", "(select period, lag(period) over (order by period) as before_period from {distinct} as every_period)"},
	{"shares",
	 "(select period, value, 1.0 * value / nullif(sum(value) over (partition by period), 0) as share, "
	 "row_number() over (partition by period order by value desc, entity) as place, "
	 "row_number() over (partition by period order by value, entity) as place_up, "
	 "count(*) over (partition by period) as n from {amounts} as amounts)"},
	{"largest",
	 "(select period, entity, choice from (select period, entity, choice, "
	 "row_number() over (partition by period, entity order by value desc, choice) as place from "
	 "(select {period} as period, {entity} as entity, {choice} as choice, sum({value}) as value from {source} as source "
	 "group by 1, 2, 3) as totals) as ranked where place = 1)"},
};

static const struct {
	const char *name;
	const char *arguments[ARGUMENTS_MAX];
	const char *sql;
} functions[] = {
	/* Bain; Herfindahl and Hirschman; Shannon; Laakso and Taagepera; Hill; Gini. See stet_metric_concentration. */
	{"concentration", {"source", "period", "entity", "value"},
	 "select period, count(*) as entities, 100.0 * sum(case when place <= 1 then share else 0 end) as cr1, "
	 "100.0 * sum(case when place <= 2 then share else 0 end) as cr2, "
	 "100.0 * sum(case when place <= 3 then share else 0 end) as cr3, "
	 "100.0 * sum(case when place <= 4 then share else 0 end) as cr4, "
	 "100.0 * sum(case when place <= 5 then share else 0 end) as cr5, 10000.0 * sum(share * share) as hhi, "
	 "cast(10000.0 * (sum(share * share) - lag(sum(share * share)) over (order by period)) as decimal(18, 6)) as hhi_change, "
	 "-sum(share * ln(case when share > 0 then share else 1 end)) as entropy, 1.0 / sum(share * share) as effective_number, "
	 "exp(-sum(share * ln(case when share > 0 then share else 1 end))) as effective_entropy, "
	 "1.0 * sum((2 * place_up - n - 1) * value) / (count(*) * nullif(sum(value), 0)) as gini "
	 "from {shares} as shares group by period"},
	{"cr", {"source", "period", "entity", "value", "n"},
	 "select period, 100.0 * sum(case when place <= {n} then share else 0 end) as cr from {shares} as shares group by period"},
	/* Lorenz, Methods of Measuring the Concentration of Wealth, 1905 */
	{"lorenz", {"source", "period", "entity", "value"},
	 "select period, place, 1.0 * place / n as entities_share, 1.0 * running / nullif(total, 0) as value_share from "
	 "(select period, row_number() over (partition by period order by value, entity) as place, "
	 "count(*) over (partition by period) as n, sum(value) over (partition by period order by value, entity "
	 "rows between unbounded preceding and current row) as running, sum(value) over (partition by period) as total "
	 "from {amounts} as amounts union all select period, 0, count(*), 0, sum(value) from {amounts} as amounts "
	 "group by period) as points"},
	/* Colombo and Morrison, A Brand Switching Model, Marketing Science 8, 1989 */
	{"switch_matrix", {"source", "period", "entity", "choice", "value"},
	 "select period, choice_before, choice, entities, "
	 "100.0 * entities / sum(entities) over (partition by period, choice_before) as share from "
	 "(select q.period, w.choice as choice_before, n.choice, count(*) as entities from {before} as q "
	 "join {largest} as n on n.period = q.period join {largest} as w on w.period = q.before_period and w.entity = n.entity "
	 "group by q.period, w.choice, n.choice) as moves"},
	/* Rogers, Diffusion of Innovations, 2003 */
	{"cohort_adoption", {"source", "period", "entity", "choice", "wanted"},
	 "select f.cohort, a.age, 100.0 * count(case when f.adopted - f.began <= a.age then 1 end) / count(*) as adoption, "
	 "count(case when f.adopted - f.began <= a.age then 1 end) as adopters from "
	 "(select s.entity, min(s.period) as cohort, min(d.counter) as began, "
	 "min(case when s.choice = {wanted} then d.counter end) as adopted from "
	 "(select distinct {entity} as entity, {choice} as choice, {period} as period from {source} as source) as s "
	 "join {counted} as d on d.period = s.period group by s.entity) as f "
	 "join (select counter - 1 as age from {counted} as ages) as a "
	 "on f.began + a.age <= (select count(*) from {distinct} as last_period) group by f.cohort, a.age"},
	/* Ehrenberg, Repeat-Buying, 1988 */
	{"repertoire", {"source", "period", "entity", "choice"},
	 "select period, choices, 100.0 * count(*) / sum(count(*)) over (partition by period) as share, count(*) as entities from "
	 "(select {period} as period, {entity} as entity, count(distinct {choice}) as choices from {source} as source group by 1, 2) "
	 "as repertoires group by period, choices"},
	/* Davis, Haltiwanger and Schuh, Job Creation and Destruction, 1996 */
	{"bridge", {"source", "period", "entity", "value"},
	 "select period, step, sum(amount) as amount, count(*) as entities from (select period, value_now - value_before as amount, "
	 "case when value_before = 0 then 'won' when value_now = 0 then 'lost' when value_now >= value_before then 'expanded' "
	 "else 'contracted' end as step from (select q.period, t.entity, "
	 "sum(case when t.period = q.period then t.value else 0 end) as value_now, "
	 "sum(case when t.period = q.before_period then t.value else 0 end) as value_before from {before} as q "
	 "join {amounts} as t on t.period = q.period or t.period = q.before_period where q.before_period is not null "
	 "group by q.period, t.entity) as pairs) as steps group by period, step"},
};

/* ---- finding a call -------------------------------------------------------------------------- */

typedef struct {
	gsize begin, end; /* of the whole call in the SQL, past its bracket */
	guint function;
	char *arguments[ARGUMENTS_MAX + 1];
	guint n_arguments;
	gboolean named; /* an alias follows */
} Call;

static void call_clear(Call *call)
{
	for (guint i = 0; i < call->n_arguments; i++)
		g_free(call->arguments[i]);
	*call = (Call){0};
}

static gboolean is_word(const StetSqlToken *token, const char *word)
{
	return token->kind == STET_SQL_WORD && token->len == strlen(word) && g_ascii_strncasecmp(token->ptr, word, token->len) == 0;
}

static gboolean is_sign(const StetSqlToken *token, char sign)
{
	return token->kind == STET_SQL_OTHER && token->len == 1 && *token->ptr == sign;
}

/* Line ends would move what the engine says of later lines. */
static void add_argument(Call *call, const char *from, const char *to)
{
	if (call->n_arguments <= ARGUMENTS_MAX)
		call->arguments[call->n_arguments++] = g_strstrip(g_strdelimit(g_strndup(from, (gsize)(to - from)), "\r\n", ' '));
}

/* Reads what stands in the brackets, `at` past the opening one. FALSE where they are never closed. */
static gboolean read_arguments(const char *sql, gsize at, Call *call)
{
	guint depth = 1;
	const char *from = sql + at;
	for (StetSqlToken token = stet_sql_next(sql, &at); token.kind != STET_SQL_END; token = stet_sql_next(sql, &at)) {
		gboolean closes = is_sign(&token, ')');
		depth += is_sign(&token, '(') ? 1 : 0;
		depth -= closes ? 1 : 0;
		if (depth > DEPTH_MAX)
			return FALSE;
		if ((closes && depth == 0) || (depth == 1 && is_sign(&token, ','))) {
			add_argument(call, from, sql + token.offset);
			from = sql + token.offset + 1;
		}
		if (depth == 0) {
			call->end = token.offset + 1;
			return TRUE;
		}
	}
	return FALSE;
}

/* TRUE if the table expression that ends at `at` is given a name. */
static gboolean alias_follows(const char *sql, gsize at)
{
	static const char *const clauses[] = {"where", "group", "order", "limit", "join", "left", "right", "inner", "cross", "full", "union",
										  "having", "on", "intersect", "except", "window", "natural", "using", "offset", "fetch", "qualify", NULL};
	StetSqlToken token = stet_sql_next(sql, &at);
	g_autofree char *word = g_ascii_strdown(token.ptr, (gssize)token.len);
	return token.kind == STET_SQL_QUOTED_WORD || (token.kind == STET_SQL_WORD && !g_strv_contains(clauses, word));
}

/* The nearest function, or all of them (g_free). */
static char *mend_name(const char *wanted)
{
	const char *names[G_N_ELEMENTS(functions) + 1] = {NULL};
	for (guint i = 0; i < G_N_ELEMENTS(functions); i++)
		names[i] = functions[i].name;
	const char *near = stet_nearest(wanted, names);
	g_autofree char *all = g_strjoinv(", pack.", (char **)names);
	return near ? g_strdup_printf("did you mean 'pack.%s'?", near) : g_strdup_printf("it has pack.%s", all);
}

static guint count_arguments(guint function)
{
	guint n = 0;
	while (n < ARGUMENTS_MAX && functions[function].arguments[n])
		n++;
	return n;
}

static gboolean check_arguments(const Call *call, StetFault *fault)
{
	guint n = count_arguments(call->function);
	gboolean whole = call->n_arguments == n;
	for (guint i = 0; i < call->n_arguments; i++)
		whole = whole && *call->arguments[i];
	if (whole)
		return TRUE;
	g_autofree char *names = g_strjoinv(", ", (char **)functions[call->function].arguments);
	fault->message = g_strdup_printf("pack.%s takes (%s), %u arguments; here are %u", functions[call->function].name, names, n,
									 call->n_arguments);
	return FALSE;
}

/* The call whose name ends before `at`, where its bracket opens. FALSE after a fault. */
static gboolean read_call(const char *sql, const StetSqlToken *name, gsize at, Call *call, StetFault *fault)
{
	g_autofree char *wanted = g_ascii_strdown(name->ptr, (gssize)name->len);
	while (call->function < G_N_ELEMENTS(functions) && strcmp(functions[call->function].name, wanted) != 0)
		call->function++;
	if (call->function == G_N_ELEMENTS(functions)) {
		fault->message = g_strdup_printf("the market pack has no 'pack.%s'", wanted);
		fault->mend = mend_name(wanted);
		return FALSE;
	}
	stet_sql_next(sql, &at);
	if (!read_arguments(sql, at, call)) {
		fault->message = g_strdup_printf("the brackets behind 'pack.%s' are never closed", wanted);
		return FALSE;
	}
	call->named = alias_follows(sql, call->end);
	return check_arguments(call, fault);
}

/* ---- writing it out -------------------------------------------------------------------------- */

static const char *value_of(const Call *call, const char *name, gsize length)
{
	for (guint i = 0; i < call->n_arguments; i++) {
		const char *argument = functions[call->function].arguments[i];
		if (strlen(argument) == length && strncmp(argument, name, length) == 0)
			return call->arguments[i];
	}
	return NULL;
}

static void write_out(const Call *call, const char *sql, GString *out)
{
	for (const char *open; (open = strchr(sql, '{')); sql = strchr(open, '}') + 1) {
		gsize length = strcspn(open + 1, "}");
		const char *value = value_of(call, open + 1, length);
		g_string_append_len(out, sql, open - sql);
		if (value)
			g_string_append(out, value);
		for (guint i = 0; !value && i < G_N_ELEMENTS(fragments); i++)
			if (strlen(fragments[i].name) == length && strncmp(fragments[i].name, open + 1, length) == 0)
				write_out(call, fragments[i].sql, out);
	}
	g_string_append(out, sql);
}

static void write_call(const Call *call, const char *written, GString *out)
{
	g_string_append_c(out, '(');
	write_out(call, functions[call->function].sql, out);
	g_string_append_c(out, ')');
	if (!call->named)
		g_string_append_printf(out, " as %s", functions[call->function].name);
	for (gsize i = call->begin; i < call->end; i++) /* what follows stays in its line */
		if (written[i] == '\n')
			g_string_append_c(out, '\n');
}

char *pack_expand(const char *sql, GArray *shifts, gsize *wrong, StetFault *fault)
{
	g_autoptr(GString) out = g_string_new(NULL);
	gsize at = 0, copied = 0;
	for (StetSqlToken token = stet_sql_next(sql, &at); token.kind != STET_SQL_END; token = stet_sql_next(sql, &at)) {
		gsize behind = at;
		StetSqlToken dot = is_word(&token, "pack") ? stet_sql_next(sql, &behind) : token;
		StetSqlToken name = is_sign(&dot, '.') ? stet_sql_next(sql, &behind) : token;
		gsize bracket = behind;
		StetSqlToken open = stet_sql_next(sql, &bracket);
		/* without a bracket it is a table of a schema that happens to be called so */
		if (!is_word(&token, "pack") || !is_sign(&dot, '.') || name.kind != STET_SQL_WORD || !is_sign(&open, '('))
			continue;
		Call call = {.begin = token.offset};
		gboolean sound = read_call(sql, &name, behind, &call, fault);
		if (!sound) {
			*wrong = token.offset;
			call_clear(&call);
			return NULL;
		}
		g_string_append_len(out, sql + copied, (gssize)(call.begin - copied));
		PackShift shift = {.from = out->len, .begin = call.begin, .end = call.end};
		write_call(&call, sql, out);
		shift.to = out->len;
		g_array_append_val(shifts, shift);
		copied = at = call.end;
		call_clear(&call);
	}
	g_string_append(out, sql + copied);
	return g_string_free(g_steal_pointer(&out), FALSE);
}

gsize pack_unshift(const GArray *shifts, gsize offset)
{
	gsize moved = 0; /* bytes that calls have grown by, before `offset` */
	for (guint i = 0; i < shifts->len; i++) {
		const PackShift *shift = &g_array_index(shifts, PackShift, i);
		if (offset < shift->from)
			break;
		if (offset < shift->to)
			return shift->begin;
		moved = shift->to - shift->end;
	}
	return offset - moved;
}

gsize pack_fault(const GArray *shifts, const char *written, gsize offset, const char *message)
{
	gsize at = pack_unshift(shifts, offset);
	const char *open = strpbrk(message, "'\""), *close = open ? strchr(open + 1, *open) : NULL;
	gsize length = close ? (gsize)(close - open - 1) : 0, end = at;
	for (guint i = 0; i < shifts->len; i++) {
		const PackShift *shift = &g_array_index(shifts, PackShift, i);
		end = offset >= shift->from && offset < shift->to ? shift->end : end;
	}
	for (gsize from = at; length > 0 && from < end;) {
		StetSqlToken token = stet_sql_next(written, &from);
		if (token.kind == STET_SQL_END)
			break;
		if (token.len == length && token.offset < end && g_ascii_strncasecmp(token.ptr, open + 1, length) == 0)
			return token.offset;
	}
	return at;
}

char *stet_pack_expand(const char *sql, StetFault *fault)
{
	g_autoptr(GArray) shifts = g_array_new(FALSE, FALSE, sizeof(PackShift));
	gsize wrong = 0;
	return pack_expand(sql, shifts, &wrong, fault);
}
