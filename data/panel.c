/*
 * panel: writes the case study's synthetic market panel.
 *
 *   panel DIR         the committed CSVs, bit for bit
 *   panel DIR ROWS    the same market with exactly ROWS rows in deployments.csv
 *
 * One enterprise at a time is invented, lived through thirteen quarters and written out, so memory
 * stays constant whatever ROWS is. Every enterprise draws from its own random stream, seeded by its
 * number: enterprise 17 is the same company in a panel of 600 and in a panel of a million.
 *
 * All arithmetic is on integers. Log-normal factors come from a table of powers of two that is
 * itself built with integers, because exp() and log() differ in the last digit between machines
 * and the files must not.
 *
 * Nobody real is described here. Model names and release quarters follow public knowledge rounded
 * to quarters; popularity, prices, spend and behaviour are invented and tuned so that the panel
 * agrees with claims.csv. The parameter that carries a claim says so: look for "claim:" in market.h.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "market.h"
#include "random.h"

/* ---- Buffered CSV output ------------------------------------------------------------------- */

enum { BUFFER = 1 << 18, LONGEST_ROW = 1024 };

typedef struct {
	FILE *file;
	char *at;
	char path[4096];
	char buffer[BUFFER];
} Out;

static void die(const char *what, const char *path)
{
	fprintf(stderr, "panel: %s '%s': %s\n", what, path, strerror(errno));
	exit(1);
}

static void out_flush(Out *o)
{
	size_t n = (size_t)(o->at - o->buffer);
	if (fwrite(o->buffer, 1, n, o->file) != n)
		die("cannot write", o->path);
	o->at = o->buffer;
}

static void out_open(Out *o, const char *dir, const char *name, const char *header)
{
	int n = snprintf(o->path, sizeof o->path, "%s/%s", dir, name);
	if (n < 0 || (size_t)n >= sizeof o->path) {
		errno = ENAMETOOLONG;
		die("cannot open", name);
	}
	o->file = fopen(o->path, "wb");
	if (!o->file)
		die("cannot open", o->path);
	o->at = o->buffer;
	size_t length = strlen(header);
	memcpy(o->at, header, length);
	o->at += length;
}

static void out_close(Out *o)
{
	out_flush(o);
	if (fclose(o->file) != 0)
		die("cannot close", o->path);
}

static void out_row_begin(Out *o)
{
	if (o->at > o->buffer + BUFFER - LONGEST_ROW)
		out_flush(o);
}

static void out_bytes(Out *o, const char *s, size_t n)
{
	memcpy(o->at, s, n);
	o->at += n;
}

static void out_text(Out *o, const char *s)
{
	out_bytes(o, s, strlen(s));
}

static void out_number(Out *o, uint64_t v, int least_digits)
{
	char digits[24];
	int n = 0;
	do {
		digits[n++] = (char)('0' + v % 10);
		v /= 10;
	} while (v || n < least_digits);
	while (n)
		*o->at++ = digits[--n];
}

static void out_decimal(Out *o, uint64_t v, uint64_t unit, int decimals)
{
	out_number(o, v / unit, 1);
	*o->at++ = '.';
	out_number(o, v % unit, decimals);
}

/* RFC 4180: quoted where it holds a comma or a quote, quotes doubled. */
static void out_field(Out *o, const char *s)
{
	if (!strpbrk(s, ",\"")) {
		out_text(o, s);
		return;
	}
	*o->at++ = '"';
	for (; *s; s++) {
		if (*s == '"')
			*o->at++ = '"';
		*o->at++ = *s;
	}
	*o->at++ = '"';
}

static void out_quarter(Out *o, unsigned q)
{
	out_number(o, FIRST_YEAR + q / 4, 4);
	*o->at++ = 'Q';
	*o->at++ = (char)('1' + q % 4);
}

/* ---- An enterprise and its portfolio ------------------------------------------------------- */

typedef struct {
	unsigned char model, platform, second; /* second host, or PLATFORMS */
	unsigned char roles;                   /* bits */
	unsigned char since;
	uint64_t volume; /* 16.16 */
} Holding;

typedef struct {
	uint64_t number; /* from 0 */
	unsigned industry, region, size, bundle, home, start;
	uint32_t appetite, discount, churn; /* percent, percent, permille */
	uint64_t scale;                     /* 16.16 */
	unsigned count;
	Holding holdings[MAX_HOLDINGS];
	Rng rng;
} Enterprise;

typedef struct {
	Out enterprises, deployments, retention;
	uint64_t rows, rows_wanted;          /* wanted: 0 for the committed panel */
	uint64_t people;                     /* enterprises written */
	uint64_t spend[QUARTERS][PLATFORMS]; /* cents */
} Panel;

static unsigned start_quarter(Rng *r, unsigned region)
{
	uint32_t at = rng_below(r, 100);
	unsigned q = 0;
	while (q < QUARTERS && at >= started[q])
		q++;
	if (q + 4 < QUARTERS && rng_below(r, 100) < regions[region].delay)
		q += 4;
	return q;
}

static unsigned pick_home(Rng *r, const Enterprise *e)
{
	const Industry *in = &industries[e->industry];
	const uint32_t tilt[PLATFORMS] = {(uint32_t)in->azure * bundle_azure[e->bundle] / 100, in->aws,
									  in->google, 100, 100};
	uint32_t weights[PLATFORMS];
	for (unsigned p = 0; p < PLATFORMS; p++)
		weights[p] = home_weight[p] * tilt[p];
	return rng_pick(r, weights, PLATFORMS);
}

static void enterprise_invent(Enterprise *e, uint64_t number)
{
	memset(e, 0, sizeof *e);
	e->number = number;
	e->rng = rng_for(number);
	Rng *r = &e->rng;
	unsigned char weights[INDUSTRIES];
	for (unsigned i = 0; i < INDUSTRIES; i++)
		weights[i] = industries[i].weight;
	e->industry = rng_pick_bytes(r, weights, INDUSTRIES);
	for (unsigned i = 0; i < REGIONS; i++)
		weights[i] = regions[i].weight;
	e->region = rng_pick_bytes(r, weights, REGIONS);
	for (unsigned i = 0; i < SIZES; i++)
		weights[i] = sizes[i].weight;
	e->size = rng_pick_bytes(r, weights, SIZES);
	e->bundle = rng_pick_bytes(r, bundle_weight, BUNDLES);
	e->home = pick_home(r, e);
	e->start = start_quarter(r, e->region);
	e->appetite = (uint32_t)sizes[e->size].appetite * industries[e->industry].appetite / 100;
	e->appetite = (uint32_t)(e->appetite * rng_lognormal(r, 30) / ONE);
	e->discount = 3 * e->size + rng_below(r, 4);
	e->churn = (uint32_t)sizes[e->size].churn * bundle_churn[e->bundle] / 100;
	e->scale = rng_lognormal(r, 70) * industries[e->industry].spend / 100 * regions[e->region].spend / 100;
}

/* Some names need quoting in CSV, some are not ASCII: readers of the panel must cope with both. */
static void enterprise_name(const Enterprise *e, char *name, size_t size)
{
	uint64_t n = e->number, spot = (n * 373 + 17) % 1024; /* 373 is odd: 1024 distinct pairs */
	uint64_t other = (spot + 331) % 1024;
	const char *head = heads[spot / 32], *tail = tails[spot % 32];
	const char *noun = industries[e->industry].nouns[(n / 7) % 4];
	const char *form = regions[e->region].forms[(n / 3) % 3];
	int used;
	if (n % 23 == 7)
		used = snprintf(name, size, "%s%s, %s%s & Co.", head, tail, heads[other / 32], tails[other % 32]);
	else if (n % 41 == 5)
		used = snprintf(name, size, "The \"%s%s\" %s Group", head, tail, noun);
	else
		used = snprintf(name, size, "%s%s %s %s", head, tail, noun, form);
	if (n >= 1024)
		snprintf(name + used, size - (size_t)used, " %" PRIu64, n / 1024 + 1);
}

static void enterprise_write(Panel *panel, const Enterprise *e)
{
	Out *o = &panel->enterprises;
	char name[160];
	enterprise_name(e, name, sizeof name);
	out_row_begin(o);
	*o->at++ = 'E';
	out_number(o, e->number + 1, 4);
	*o->at++ = ',';
	out_field(o, name);
	const char *const rest[] = {industries[e->industry].name, regions[e->region].name, size_names[e->size],
								bundle_names[e->bundle]};
	for (unsigned i = 0; i < 4; i++) {
		*o->at++ = ',';
		out_field(o, rest[i]);
	}
	*o->at++ = '\n';
	panel->people++;
}

/* ---- Choosing, moving and dropping models --------------------------------------------------- */

static bool on_sale(unsigned model, unsigned platform, unsigned q)
{
	const Model *m = &models[model];
	return m->first <= q && q <= m->last && (m->platforms & ON(platform)) &&
		   hosted_from[m->developer][platform] <= q;
}

static bool holds(const Enterprise *e, unsigned model)
{
	for (unsigned i = 0; i < e->count; i++)
		if (e->holdings[i].model == model)
			return true;
	return false;
}

static bool holds_developer(const Enterprise *e, unsigned developer)
{
	for (unsigned i = 0; i < e->count; i++)
		if (models[e->holdings[i].model].developer == developer)
			return true;
	return false;
}

static uint32_t hosts(unsigned developer, unsigned q)
{
	uint32_t bits = 0;
	for (unsigned p = 0; p < PLATFORMS; p++)
		if (hosted_from[developer][p] <= q)
			bits |= ON(p);
	return bits;
}

/* A developer served at home is wanted more than one for which a second platform is needed. */
static unsigned pick_developer(Enterprise *e, unsigned q)
{
	uint32_t weights[DEVELOPERS];
	for (unsigned d = 0; d < DEVELOPERS; d++) {
		uint32_t at = hosts(d, q);
		uint32_t reach = (at & ON(e->home)) ? 100 : (at ? OFF_HOME_PERCENT : 0);
		uint32_t taste = (uint32_t)industries[e->industry].tilt[d] * regions[e->region].tilt[d] / 100;
		uint32_t fresh = e->count == 0 || holds_developer(e, d) ? 100 : novelty[q];
		weights[d] = pull[d][q] * taste * reach / 100 * fresh / 100;
	}
	return rng_pick(&e->rng, weights, DEVELOPERS);
}

/* Home where possible, otherwise the bigger hosts; never a platform in `barred`. */
static unsigned pick_platform(Enterprise *e, unsigned developer, unsigned q, uint32_t barred)
{
	uint32_t at = hosts(developer, q) & ~barred, weights[PLATFORMS];
	if (!at)
		return PLATFORMS;
	if (at & ON(e->home))
		return e->home;
	for (unsigned p = 0; p < PLATFORMS; p++)
		weights[p] = (at & ON(p)) ? home_weight[p] : 0;
	return rng_pick(&e->rng, weights, PLATFORMS);
}

/* Newer models are preferred: weight 4, 3, 2, then 1. MODELS when nothing is left to add. */
static unsigned pick_model(Enterprise *e, unsigned developer, unsigned platform, unsigned q)
{
	uint32_t weights[MODELS], total = 0;
	for (unsigned m = 0; m < MODELS; m++) {
		bool fits = models[m].developer == developer && on_sale(m, platform, q) && !holds(e, m);
		unsigned age = fits ? q - models[m].first : 0;
		weights[m] = fits ? (age < 3 ? 4 - age : 1) : 0;
		total += weights[m];
	}
	return total ? rng_pick(&e->rng, weights, MODELS) : MODELS;
}

static unsigned char pick_roles(Enterprise *e, unsigned model)
{
	const Model *m = &models[model];
	unsigned roles = 0, best = 0;
	uint32_t most = 0;
	for (unsigned i = 0; i < ROLES; i++) {
		uint32_t odds = (uint32_t)role_odds[m->tier][i] * role_tilt[m->developer][i] / 10; /* permille */
		if (odds > most)
			most = odds, best = i;
		if (rng_odds(&e->rng, odds))
			roles |= 1U << i;
	}
	return (unsigned char)(roles ? roles : 1U << best);
}

static void holding_add(Enterprise *e, unsigned q)
{
	if (e->count == MAX_HOLDINGS)
		return;
	unsigned developer = pick_developer(e, q);
	unsigned platform = pick_platform(e, developer, q, 0);
	unsigned model = pick_model(e, developer, platform, q);
	if (model == MODELS)
		return;
	Holding *h = &e->holdings[e->count];
	h->model = (unsigned char)model;
	h->platform = (unsigned char)platform;
	h->since = (unsigned char)q;
	h->roles = pick_roles(e, model);
	h->volume = rng_lognormal(&e->rng, 55);
	h->second = PLATFORMS;
	if (rng_below(&e->rng, 100) < sizes[e->size].second_host)
		h->second = (unsigned char)pick_platform(e, developer, q, ON(platform));
	e->count++;
}

/* The newest model of the same developer, in the same tier if there is one; MODELS if none. */
static unsigned successor(const Enterprise *e, const Holding *h, unsigned q, bool any_tier)
{
	const Model *old = &models[h->model];
	unsigned best = MODELS;
	for (unsigned m = 0; m < MODELS; m++) {
		if (models[m].developer != old->developer || !on_sale(m, h->platform, q) || holds(e, m))
			continue;
		if (models[m].first <= old->first || (models[m].tier != old->tier && !any_tier))
			continue;
		if (best == MODELS || models[m].first >= models[best].first)
			best = m;
	}
	return best;
}

/* False when the model was withdrawn and its developer offers nothing in its place. */
static bool holding_renew(Enterprise *e, Holding *h, unsigned q)
{
	bool withdrawn = !on_sale(h->model, h->platform, q);
	if (!withdrawn && !rng_odds(&e->rng, UPGRADE_PERMILLE))
		return true;
	unsigned next = successor(e, h, q, false);
	if (next == MODELS && withdrawn)
		next = successor(e, h, q, true);
	if (next == MODELS)
		return !withdrawn;
	if (models[next].tier != models[h->model].tier)
		h->roles = pick_roles(e, next);
	h->model = (unsigned char)next;
	if (h->second != PLATFORMS && !on_sale(next, h->second, q))
		h->second = PLATFORMS;
	return true;
}

static void holding_move(Enterprise *e, Holding *h, unsigned q)
{
	unsigned developer = models[h->model].developer;
	if (h->platform != e->home && on_sale(h->model, e->home, q) && rng_odds(&e->rng, move_home[q])) {
		bool keep = rng_odds(&e->rng, 250);
		h->second = keep ? h->platform : PLATFORMS;
		h->platform = (unsigned char)e->home;
	}
	if (h->second == PLATFORMS &&
		rng_odds(&e->rng, (uint32_t)SECOND_HOST_PERMILLE * sizes[e->size].appetite / 100))
		h->second = (unsigned char)pick_platform(e, developer, q, ON(h->platform));
	if (h->second != PLATFORMS && !on_sale(h->model, h->second, q))
		h->second = PLATFORMS;
}

static void enterprise_rehome(Enterprise *e, unsigned q)
{
	if (e->home != AZURE) {
		if (rng_odds(&e->rng, adopt_azure[q]))
			e->home = AZURE;
	} else if (e->bundle == NO_BUNDLE && rng_odds(&e->rng, leave_azure[q])) {
		e->home = rng_below(&e->rng, 3) ? AWS : GOOGLE;
	}
}

/* One quarter of decisions. */
static void enterprise_evolve(Enterprise *e, unsigned q)
{
	enterprise_rehome(e, q);
	for (unsigned i = 0; i < e->count;) {
		Holding *h = &e->holdings[i];
		bool kept = holding_renew(e, h, q) && !(e->count > 1 && rng_odds(&e->rng, DROP_PERMILLE));
		if (kept) {
			holding_move(e, h, q);
			i++;
		} else {
			memmove(h, h + 1, (--e->count - i) * sizeof *h);
		}
	}
	if (rng_odds(&e->rng, add_odds[q] * e->appetite / 100))
		holding_add(e, q);
	while (e->count == 0)
		holding_add(e, q);
}

/* ---- Deployment rows ----------------------------------------------------------------------- */

/* ",Azure,OpenAI,GPT-4,creative and general," made once: it is most of a row's bytes. */
typedef struct {
	unsigned char length;
	char text[87];
} Label;
static Label labels[PLATFORMS][MODELS][ROLES];

static void labels_fill(void)
{
	for (unsigned p = 0; p < PLATFORMS; p++)
		for (unsigned m = 0; m < MODELS; m++)
			for (unsigned r = 0; r < ROLES; r++) {
				Label *l = &labels[p][m][r];
				l->length = (unsigned char)snprintf(l->text, sizeof l->text, ",%s,%s,%s,%s,",
													platform_names[p], developer_names[models[m].developer],
													models[m].name, role_names[r]);
			}
}

/* Spend in cents on one model in one quarter, over all its roles and platforms. */
static uint64_t holding_spend(const Enterprise *e, const Holding *h, unsigned q)
{
	unsigned age = q - h->since;
	uint64_t v = (uint64_t)sizes[e->size].spend * SPEND_PERMILLE / 10;
	v = v * e->scale / ONE * h->volume / ONE;
	v = v * growth[q] / 100 * tier_spend[models[h->model].tier] / 100;
	return v * ramp[age < 3 ? age : 3] / 100;
}

static void row_write(Panel *panel, const char *prefix, size_t length, const Label *label, uint64_t tenths,
					  uint64_t cents)
{
	Out *o = &panel->deployments;
	out_row_begin(o);
	out_bytes(o, prefix, length);
	out_bytes(o, label->text, label->length);
	out_decimal(o, tenths, 10, 1);
	*o->at++ = ',';
	out_decimal(o, cents, 100, 2);
	*o->at++ = '\n';
	panel->rows++;
}

static bool panel_full(const Panel *panel)
{
	return panel->rows_wanted && panel->rows == panel->rows_wanted;
}

/* Rows of one model on one platform; `percent` of its spend is there. */
static void holding_write_on(Panel *panel, Enterprise *e, const Holding *h, unsigned platform, unsigned q,
							 uint64_t spend, const char *prefix, size_t length)
{
	const Model *m = &models[h->model];
	uint64_t price = (uint64_t)tier_price[m->tier][q] * m->price * (100 - e->discount) / 100; /* 1/100 cent */
	uint32_t total = 0;
	for (unsigned r = 0; r < ROLES; r++)
		if (h->roles & (1U << r))
			total += role_spend[r];
	for (unsigned r = 0; r < ROLES && !panel_full(panel); r++) {
		if (!(h->roles & (1U << r)))
			continue;
		uint64_t cents = spend * role_spend[r] / total * (920 + rng_below(&e->rng, 161)) / 1000;
		if (cents < 100)
			cents = 100;
		uint64_t tenths = cents * 1000 / price;
		row_write(panel, prefix, length, &labels[platform][h->model][r], tenths ? tenths : 1, cents);
		panel->spend[q][platform] += cents;
	}
}

static void enterprise_write_quarter(Panel *panel, Enterprise *e, unsigned q)
{
	char prefix[40];
	size_t length = (size_t)snprintf(prefix, sizeof prefix, "%uQ%u,E%04" PRIu64, FIRST_YEAR + q / 4,
									 q % 4 + 1, e->number + 1);
	for (unsigned i = 0; i < e->count; i++) {
		const Holding *h = &e->holdings[i];
		uint64_t spend = holding_spend(e, h, q);
		uint64_t aside = h->second == PLATFORMS ? 0 : spend * 30 / 100;
		holding_write_on(panel, e, h, h->platform, q, spend - aside, prefix, length);
		if (aside)
			holding_write_on(panel, e, h, h->second, q, aside, prefix, length);
	}
}

static void retention_write(Panel *panel, const Enterprise *e, unsigned q, bool churned)
{
	Out *o = &panel->retention;
	out_row_begin(o);
	*o->at++ = 'E';
	out_number(o, e->number + 1, 4);
	*o->at++ = ',';
	out_quarter(o, q);
	out_text(o, churned ? ",1\n" : ",0\n");
}

/* A churned enterprise has one last retention row and no deployments from that quarter on. */
static void enterprise_live(Panel *panel, Enterprise *e)
{
	for (unsigned q = e->start; q < QUARTERS && !panel_full(panel); q++) {
		if (q == e->start) {
			while (e->count == 0)
				holding_add(e, q);
			if (rng_odds(&e->rng, add_odds[0]))
				holding_add(e, q);
		} else if (rng_odds(&e->rng, e->churn)) {
			retention_write(panel, e, q, true);
			return;
		} else {
			enterprise_evolve(e, q);
		}
		retention_write(panel, e, q, false);
		enterprise_write_quarter(panel, e, q);
	}
}

/* clang-format off */

/* ---- The market tables --------------------------------------------------------------------- */

typedef enum { INFERENCE, STORAGE, NETWORKING, SILICON_FEES, LICENSING, STREAMS } Stream;
static const char *const stream_names[STREAMS] = {"inference", "storage", "networking", "silicon fees",
                                                  "partnership licensing"};

/* Permille of inference revenue. Azure's licensing is the exclusive partnership's, and fades. */
static const unsigned short azure_stream[STREAMS][QUARTERS] = {
    [INFERENCE]    = {1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000},
    [STORAGE]      = {120, 124, 128, 132, 138, 144, 150, 156, 164, 172, 180, 188, 194},
    [NETWORKING]   = {60, 62, 64, 66, 70, 74, 78, 82, 87, 92, 97, 102, 106},
    [SILICON_FEES] = {0, 0, 0, 4, 12, 20, 30, 40, 52, 64, 76, 88, 98},
    [LICENSING]    = {420, 410, 398, 384, 360, 330, 300, 268, 230, 194, 162, 134, 116},
};
static const unsigned short rival_stream[STREAMS][QUARTERS] = {
    [INFERENCE]    = {1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000},
    [STORAGE]      = {150, 152, 154, 156, 158, 160, 163, 166, 169, 172, 175, 178, 180},
    [NETWORKING]   = {72, 74, 76, 78, 80, 82, 85, 88, 91, 94, 97, 100, 102},
    [SILICON_FEES] = {20, 22, 25, 28, 32, 36, 42, 48, 55, 62, 70, 78, 84},
    [LICENSING]    = {40, 44, 50, 56, 62, 68, 72, 76, 78, 80, 82, 84, 84},
};

/* Percent of those rates: who sells storage, owns chips, licenses partners. */
static const unsigned char stream_tilt[PLATFORMS][STREAMS] = {
	/*               inference storage networking silicon licensing */
	[AZURE]     = {100, 100, 100, 100, 100},
	[AWS]       = {100, 106,  98, 122,  94},
	[GOOGLE]    = {100,  94, 106, 134,  72},
	[ORACLE]    = {100, 116, 128,  12, 150},
	[ELSEWHERE] = {100,  88,  90,   8,  56},
};

/* clang-format on */

/* The panel's spend scaled to the market, in USD thousand. */
static uint64_t market_thousands(const Panel *panel, unsigned q, unsigned p)
{
	uint64_t dollars = panel->spend[q][p] / 100;
	return dollars * MARKET_ENTERPRISES / panel->people / 1000;
}

static uint64_t stream_thousands(const Panel *panel, unsigned q, unsigned p, unsigned s)
{
	const unsigned short *permille = p == AZURE ? azure_stream[s] : rival_stream[s];
	return market_thousands(panel, q, p) * permille[q] / 1000 * stream_tilt[p][s] / 100;
}

static void platform_revenue_write(const Panel *panel, const char *dir)
{
	static Out o;
	out_open(&o, dir, "platform_revenue.csv", "quarter,platform,stream,revenue_usd_m\n");
	for (unsigned q = 0; q < QUARTERS; q++)
		for (unsigned p = 0; p < PLATFORMS; p++)
			for (unsigned s = 0; s < STREAMS; s++) {
				out_row_begin(&o);
				out_quarter(&o, q);
				*o.at++ = ',';
				out_text(&o, platform_names[p]);
				*o.at++ = ',';
				out_text(&o, stream_names[s]);
				*o.at++ = ',';
				out_decimal(&o, stream_thousands(panel, q, p, s), 1000, 3);
				*o.at++ = '\n';
			}
	out_close(&o);
}

/* clang-format off */

typedef enum { MERCHANT, SILICON, SERVERS, FABRIC, POWER, FACILITIES, COMPONENTS } Component;
static const char *const component_names[COMPONENTS] = {"merchant accelerators", "custom silicon", "servers and memory",
                                                        "networking", "power and cooling", "facilities"};

/*
 * claim: silicon-cost-share. Permille of Azure's infrastructure cost that custom silicon takes;
 * 2025's four quarters average 180 once weighted by cost. The other components share the rest.
 */
static const unsigned short silicon_permille[QUARTERS] = {8, 10, 14, 22, 44, 66, 92, 120, 146, 168, 187, 206, 221};
static const unsigned char component_rest[COMPONENTS] = {50, 0, 16, 11, 14, 9};   /* percent of the rest */
/* Percent of Azure's infrastructure revenue spent on infrastructure: silicon lowers it. */
static const unsigned char cost_percent[QUARTERS] = {88, 87, 87, 86, 86, 85, 84, 83, 82, 81, 80, 79, 78};

/* clang-format on */

static void infrastructure_cost_write(const Panel *panel, const char *dir)
{
	static Out o;
	out_open(&o, dir, "infrastructure_cost.csv", "quarter,component,cost_usd_m\n");
	for (unsigned q = 0; q < QUARTERS; q++) {
		uint64_t revenue = 0;
		for (unsigned s = 0; s < LICENSING; s++)
			revenue += stream_thousands(panel, q, AZURE, s);
		uint64_t cost = revenue * cost_percent[q] / 100;
		uint64_t silicon = cost * silicon_permille[q] / 1000;
		for (unsigned c = 0; c < COMPONENTS; c++) {
			out_row_begin(&o);
			out_quarter(&o, q);
			*o.at++ = ',';
			out_text(&o, component_names[c]);
			*o.at++ = ',';
			out_decimal(&o, c == SILICON ? silicon : (cost - silicon) * component_rest[c] / 100, 1000, 3);
			*o.at++ = '\n';
		}
	}
	out_close(&o);
}

/* ---- The whole panel ------------------------------------------------------------------------ */

static void panel_write(const char *dir, uint64_t rows)
{
	static Panel panel;
	static Enterprise e;
	panel.rows_wanted = rows;
	out_open(&panel.enterprises, dir, "enterprises.csv", "id,name,industry,region,size_band,bundle\n");
	out_open(&panel.deployments, dir, "deployments.csv",
			 "quarter,enterprise_id,platform,developer,model,role,tokens_m,spend_usd\n");
	out_open(&panel.retention, dir, "retention.csv", "enterprise_id,quarter,churned\n");
	for (uint64_t n = 0; rows ? !panel_full(&panel) : n < ENTERPRISES; n++) {
		enterprise_invent(&e, n);
		enterprise_write(&panel, &e);
		enterprise_live(&panel, &e);
	}
	out_close(&panel.enterprises);
	out_close(&panel.deployments);
	out_close(&panel.retention);
	platform_revenue_write(&panel, dir);
	infrastructure_cost_write(&panel, dir);
}

/* A row count in plain digits; 0 where it is not one. */
static uint64_t parse_rows(const char *text)
{
	uint64_t n = 0;
	for (; *text; text++) {
		if (*text < '0' || *text > '9' || n > 100000000000ULL)
			return 0;
		n = n * 10 + (uint64_t)(*text - '0');
	}
	return n;
}

int main(int argc, char **argv)
{
	uint64_t rows = argc == 3 ? parse_rows(argv[2]) : 0;
	if (argc < 2 || argc > 3 || (argc == 3 && rows == 0)) {
		fputs("usage: panel DIR [ROWS]\n", stderr);
		return 2;
	}
	exp2_table_fill();
	labels_fill();
	panel_write(argv[1], rows);
	return 0;
}
