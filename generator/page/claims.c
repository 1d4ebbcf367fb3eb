/* What templates see of the claims. */
#include "page/private.h"

#include <math.h>
#include <string.h>

typedef struct {
	const StetBook *book;
	const StetClaim *claim;
} ClaimSelf;

static const char *const claim_keys[] = {"id", "statement", "value", "upper", "operator", "unit", "period", "source", "note",
	"tolerance", "verdict", "actual", "reason", "metric", "acknowledged", "until", NULL};

StetValue claim_number(StetArena *arena, const StetClaim *claim, double number)
{
	if (isnan(number))
		return stet_value_nil();
	StetOrigin *origin = stet_arena_alloc(arena, sizeof *origin);
	*origin = (StetOrigin){.claim = claim->id};
	StetValue value = stet_value_float(number);
	value.unit = claim->unit;
	/* As published: 67 stays 67, 3.2 stays 3.2. */
	value.display = number == floor(number) ? 0 : stet_round_decimals(number, 1) == number ? 1 : 2;
	value.origin = origin;
	return value;
}

static gboolean claim_get(gconstpointer self, StetText key, StetRender *render, StetValue *out)
{
	static const char *const verdicts[] = {"agrees", "differs", "unchecked"}, *const operators[] = {"equal", "at_least", "between"};
	const ClaimSelf *of = self;
	const StetClaim *claim = of->claim;
	StetArena *arena = stet_render_arena(render);
	const struct { const char *key, *text; } texts[] = {
		{"id", claim->id}, {"statement", claim->statement}, {"unit", claim->unit}, {"period", claim->period},
		{"source", claim->source}, {"note", claim->note}, {"tolerance", claim->tolerance}, {"reason", claim->reason},
		{"acknowledged", claim->acknowledged}, {"until", claim->until}, {"verdict", verdicts[claim->verdict]}, {"operator", operators[claim->op]},
	};
	for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
		if (key_is(key, texts[i].key)) {
			*out = text_or_nil(texts[i].text && *texts[i].text ? texts[i].text : NULL);
			return TRUE;
		}
	if (key_is(key, "value"))
		*out = claim_number(arena, claim, claim->value);
	else if (key_is(key, "upper"))
		*out = claim_number(arena, claim, claim->upper);
	else if (key_is(key, "actual"))
		note_metric(stet_render_host(render), claim->metric), *out = claim->row == G_MAXSIZE || !claim->metric ? stet_value_nil() : figure_value(arena, claim->metric, claim->measure, claim->row);
	else if (key_is(key, "metric"))
		*out = claim->metric ? metric_value(of->book, arena, claim->metric) : stet_value_nil();
	else
		return FALSE;
	return TRUE;
}

static const char *const *claim_key_names(gconstpointer self)
{
	(void)self;
	return claim_keys;
}

static gboolean claim_plain(gconstpointer self, StetRender *render, StetValue *out)
{
	const ClaimSelf *of = self;
	*out = claim_number(stet_render_arena(render), of->claim, of->claim->value);
	return TRUE;
}

static const StetClass claim_class = {"claim", claim_get, claim_key_names, NULL, claim_plain};

StetValue claim_value(const StetBook *book, const StetClaim *claim)
{
	ClaimSelf *self = stet_arena_alloc(book->arena, sizeof *self);
	*self = (ClaimSelf){book, claim};
	return stet_value_object(&claim_class, self);
}

static StetValue claim_in(const StetBook *book, StetArena *arena, const StetClaim *claim)
{
	ClaimSelf *self = stet_arena_alloc(arena, sizeof *self);
	*self = (ClaimSelf){book, claim};
	return stet_value_object(&claim_class, self);
}

static gboolean claims_get(gconstpointer self, StetText key, StetRender *render, StetValue *out)
{
	const StetBook *book = self;
	g_autofree char *id = g_strndup(key.ptr, key.len);
	const StetClaim *claim = stet_claims_get(book->world->metrics, id);
	note_read(stet_render_host(render), "claim", id);
	if (claim)
		*out = claim_in(book, stet_render_arena(render), claim);
	return claim != NULL;
}

static gboolean claims_list(gconstpointer self, StetRender *render, StetValue *out)
{
	const StetBook *book = self;
	StetArena *arena = stet_render_arena(render);
	note_read(stet_render_host(render), "claims", NULL);
	guint n = stet_claims_count(book->world->metrics);
	StetValue *items = stet_arena_alloc(arena, (n + 1) * sizeof *items);
	for (guint i = 0; i < n; i++)
		items[i] = claim_in(book, arena, stet_claims_at(book->world->metrics, i));
	*out = stet_value_list(arena, items, n);
	return TRUE;
}

static const StetClass claims_class = {"claims", claims_get, NULL, claims_list, NULL};

StetValue claims_value(const StetBook *book)
{
	return stet_value_object(&claims_class, book);
}

const StetClaim *as_claim(const StetValue *value)
{
	if (value->kind != STET_VALUE_OBJECT || value->v.object.class_ != &claim_class)
		return NULL;
	return ((const ClaimSelf *)value->v.object.self)->claim;
}
