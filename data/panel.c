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
 * agrees with claims.csv. The parameter that carries a claim says so: look for "claim:".
 */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Tables read better by column. */
/* clang-format off */

/* ---- What the panel is made of ------------------------------------------------------------- */

enum { ENTERPRISES = 700 };           /* in the committed panel */
enum { MARKET_ENTERPRISES = 17500 };  /* the market it stands for: an expansion factor of 25 */
enum { QUARTERS = 13, FIRST_YEAR = 2023 };   /* 2023Q1-2026Q1 */
enum { MAX_HOLDINGS = 12 };
enum { ONE = 1 << 16 };               /* 1.0 in 16.16 fixed point */
enum { NEVER = 99 };                  /* a quarter that does not come */

static const uint64_t SEED = 20260331;

/*
 * claim: incremental-demand. Scales every amount so that the spend on second and later models in
 * 2026 (the first quarter plus three projected ones), times 25, is USD 18 bn.
 */
enum { SPEND_PERMILLE = 976 };

typedef enum { AZURE, AWS, GOOGLE, ORACLE, ELSEWHERE, PLATFORMS } Platform;
typedef enum { OPENAI, ANTHROPIC, MISTRAL, XAI, META, OTHER, DEVELOPERS } Developer;
typedef enum { REASONING, CREATIVE, COST, DOMAIN, OPEN, ROLES } Role;
typedef enum { FLAGSHIP, THINKER, EFFICIENT, OPEN_LARGE, OPEN_SMALL, TIERS } Tier;
typedef enum { SMALL, MIDSIZE, LARGE, VERY_LARGE, SIZES } Size;
typedef enum { NO_BUNDLE, OFFICE, COPILOT, DYNAMICS, BUNDLES } Bundle;
typedef enum { US, EU, UK, APAC, LATAM, MEA, REGIONS } Region;
enum { INDUSTRIES = 10 };

static const char *const platform_names[PLATFORMS] = {"Azure", "AWS", "Google Cloud", "Oracle", "Other"};
static const char *const developer_names[DEVELOPERS] = {"OpenAI", "Anthropic", "Mistral AI", "xAI", "Meta", "Other"};
static const char *const role_names[ROLES] = {
	"reasoning and analysis", "creative and general", "cost-optimised inference", "domain-specific", "open-weight",
};
static const char *const size_names[SIZES] = {"small", "mid-size", "large", "very large"};
static const char *const bundle_names[BUNDLES] = {"none", "Microsoft 365", "Copilot", "Dynamics 365"};

/* First quarter in which a platform serves a developer's models; the same facts as hosting.csv. */
static const unsigned char hosted_from[DEVELOPERS][PLATFORMS] = {
	/*              Azure  AWS    Google Oracle Other */
	[OPENAI]    = {     0,    11, NEVER,     8, NEVER},
	[ANTHROPIC] = {    11,     1,     2, NEVER, NEVER},
	[MISTRAL]   = {     4,     5,     5, NEVER,     3},
	[XAI]       = {     9, NEVER, NEVER,     9,     5},
	[META]      = {     2,     3,     3,     5,     2},
	[OTHER]     = {     5,     0,     1,     3,     0},
};

#define ON(p) (1U << (p))
enum { ANYWHERE = 31 };

typedef struct {
	const char *name;
	unsigned char developer, tier;
	unsigned char first, last;   /* quarters on sale, last included */
	unsigned char platforms;     /* bits; the developer must be hosted there as well */
	unsigned char price;         /* percent of the tier's price in that quarter */
} Model;

/*
 * claim: mistral-cost. Mistral 7B and Mixtral 8x7B cost 60 % of OpenAI's small models, which
 * define the efficient tier's price: 40 % less for the same work.
 */
static const Model models[] = {
	{"GPT-3.5 Turbo",     OPENAI,    EFFICIENT,   0,     8, ANYWHERE, 100},
	{"GPT-4",             OPENAI,    FLAGSHIP,    0,     8, ANYWHERE, 100},
	{"GPT-4 Turbo",       OPENAI,    FLAGSHIP,    3,     9, ANYWHERE, 90},
	{"GPT-4o",            OPENAI,    FLAGSHIP,    5, NEVER, ANYWHERE, 100},
	{"GPT-4o mini",       OPENAI,    EFFICIENT,   6, NEVER, ANYWHERE, 100},
	{"o1",                OPENAI,    THINKER,     7,    10, ANYWHERE, 115},
	{"o3",                OPENAI,    THINKER,     9, NEVER, ANYWHERE, 90},
	{"GPT-4.1",           OPENAI,    FLAGSHIP,    9, NEVER, ANYWHERE, 95},
	{"GPT-5",             OPENAI,    FLAGSHIP,   10, NEVER, ANYWHERE, 105},
	{"GPT-5 mini",        OPENAI,    EFFICIENT,  10, NEVER, ANYWHERE, 100},
	{"Claude",            ANTHROPIC, FLAGSHIP,    1,     4, ANYWHERE, 70},
	{"Claude Instant",    ANTHROPIC, EFFICIENT,   1,     6, ANYWHERE, 105},
	{"Claude 2",          ANTHROPIC, FLAGSHIP,    2,     7, ANYWHERE, 72},
	{"Claude 3 Opus",     ANTHROPIC, FLAGSHIP,    4,     9, ANYWHERE, 160},
	{"Claude 3 Haiku",    ANTHROPIC, EFFICIENT,   4,    10, ANYWHERE, 96},
	{"Claude 3.5 Sonnet", ANTHROPIC, FLAGSHIP,    5,    10, ANYWHERE, 104},
	{"Claude 3.5 Haiku",  ANTHROPIC, EFFICIENT,   7, NEVER, ANYWHERE, 120},
	{"Claude 3.7 Sonnet", ANTHROPIC, THINKER,     8,    11, ANYWHERE, 78},
	{"Claude Sonnet 4",   ANTHROPIC, FLAGSHIP,    9, NEVER, ANYWHERE, 108},
	{"Claude Opus 4",     ANTHROPIC, THINKER,     9, NEVER, ANYWHERE, 130},
	{"Claude Sonnet 4.5", ANTHROPIC, FLAGSHIP,   10, NEVER, ANYWHERE, 110},
	{"Claude Haiku 4.5",  ANTHROPIC, EFFICIENT,  11, NEVER, ANYWHERE, 118},
	{"Mistral 7B",        MISTRAL,   OPEN_SMALL,  3, NEVER, ANYWHERE, 60},
	{"Mixtral 8x7B",      MISTRAL,   OPEN_SMALL,  3, NEVER, ANYWHERE, 60},
	{"Mistral Large",     MISTRAL,   FLAGSHIP,    4,     8, ANYWHERE, 82},
	{"Mistral Large 2",   MISTRAL,   FLAGSHIP,    6, NEVER, ANYWHERE, 78},
	{"Mistral Medium 3",  MISTRAL,   FLAGSHIP,    9, NEVER, ANYWHERE, 64},
	{"Grok-1",            XAI,       OPEN_LARGE,  5,     8, ON(ELSEWHERE), 110},
	{"Grok-2",            XAI,       FLAGSHIP,    6,    10, ON(ELSEWHERE), 96},
	{"Grok 3",            XAI,       FLAGSHIP,    9, NEVER, ANYWHERE, 98},
	{"Grok 4",            XAI,       THINKER,    10, NEVER, ANYWHERE, 95},
	{"Llama 2",           META,      OPEN_LARGE,  2,     7, ANYWHERE, 100},
	{"Llama 3",           META,      OPEN_LARGE,  5,    10, ANYWHERE, 96},
	{"Llama 3.1",         META,      OPEN_LARGE,  6, NEVER, ANYWHERE, 100},
	{"Llama 3.3",         META,      OPEN_LARGE,  8, NEVER, ANYWHERE, 92},
	{"Llama 4",           META,      OPEN_LARGE,  9, NEVER, ANYWHERE, 98},
	{"Jurassic-2",        OTHER,     FLAGSHIP,    0,     8, ON(AWS) | ON(ELSEWHERE), 52},
	{"Jamba 1.5",         OTHER,     FLAGSHIP,    6, NEVER, ON(AWS) | ON(AZURE) | ON(ELSEWHERE), 66},
	{"Command",           OTHER,     EFFICIENT,   0,     8, ON(AWS) | ON(ORACLE) | ON(ELSEWHERE), 98},
	{"PaLM 2",            OTHER,     FLAGSHIP,    1,     5, ON(GOOGLE), 62},
	{"Gemini 1.5 Pro",    OTHER,     FLAGSHIP,    5,    10, ON(GOOGLE), 88},
	{"Gemini 2.5 Pro",    OTHER,     FLAGSHIP,    9, NEVER, ON(GOOGLE), 90},
	{"Command R+",        OTHER,     FLAGSHIP,    5, NEVER, ON(AZURE) | ON(AWS) | ON(ORACLE) | ON(ELSEWHERE), 74},
};
enum { MODELS = sizeof models / sizeof models[0] };

/* USD cents for a million tokens, input and output blended. */
static const unsigned short tier_price[TIERS][QUARTERS] = {
	[FLAGSHIP]   = {3600, 3600, 3400, 2600, 2100, 1250, 1020, 900, 800, 700, 620, 560, 520},
	[THINKER]    = {3600, 3600, 3400, 3200, 3000, 2800, 2600, 2400, 1900, 1500, 1250, 1100, 1000},
	[EFFICIENT]  = {200, 190, 178, 160, 142, 128, 106, 96, 88, 80, 73, 67, 62},
	[OPEN_LARGE] = {190, 180, 172, 158, 140, 124, 108, 98, 90, 82, 75, 70, 66},
	[OPEN_SMALL] = {200, 190, 178, 160, 142, 128, 106, 96, 88, 80, 73, 67, 62}, /* as EFFICIENT */
};
static const unsigned char tier_spend[TIERS] = {100, 82, 46, 48, 40};   /* percent of a flagship's */

/* Percent odds that a model of the tier is put to work in the role. */
static const unsigned char role_odds[TIERS][ROLES] = {
	[FLAGSHIP]   = {98, 96,  0, 92,  0},
	[THINKER]    = {99, 52,  0, 94,  0},
	[EFFICIENT]  = {30, 94, 99, 84,  0},
	[OPEN_LARGE] = {76, 66,  0, 84, 98},
	[OPEN_SMALL] = { 0, 68, 98, 76, 96},
};
static const unsigned char role_tilt[DEVELOPERS][ROLES] = {   /* percent of those odds */
	[OPENAI]    = {100, 112, 100,  92,   0},
	[ANTHROPIC] = {112,  86,  98, 108,   0},
	[MISTRAL]   = { 84,  90, 104, 112, 100},
	[XAI]       = { 96, 110,  90,  70, 100},
	[META]      = { 88,  84, 100, 104, 100},
	[OTHER]     = { 84,  84,  94, 120,   0},
};
static const unsigned char role_spend[ROLES] = {36, 27, 22, 24, 21};

/* ---- How the market moves, by quarter ------------------------------------------------------ */

/* Percent of enterprises whose AI programme has started. */
static const unsigned char started[QUARTERS] = {46, 54, 61, 67, 73, 78, 82, 86, 89, 92, 94, 95, 96};

/* How much enterprises look for each developer when they add a model; a weight. */
static const unsigned char pull[DEVELOPERS][QUARTERS] = {
	[OPENAI]    = {100, 100, 98, 96, 92, 86, 80, 74, 66, 58, 52, 48, 46},
	[ANTHROPIC] = {  0,  14, 22, 28, 40, 60, 78, 90, 98, 104, 110, 118, 124},
	[MISTRAL]   = {  0,   0,  0,  9, 24, 32, 34, 34, 34, 33, 33, 33, 33},
	[XAI]       = {  0,   0,  0,  0,  0,  4,  7,  9, 12, 26, 32, 35, 37},
	[META]      = {  0,   0, 14, 22, 28, 36, 40, 42, 42, 40, 38, 37, 36},
	[OTHER]     = { 18,  20, 20, 19, 18, 17, 16, 15, 15, 14, 14, 13, 13},
};
/* Percent by which a developer not yet in the portfolio is preferred to one that is. */
static const unsigned char novelty[QUARTERS] = {34, 38, 44, 54, 66, 80, 94, 106, 118, 130, 140, 148, 154};
/* claim: models-per-enterprise. Permille odds that an enterprise adds a model in the quarter. */
static const unsigned short add_odds[QUARTERS] = {500, 270, 275, 275, 275, 270, 262, 258, 256, 257, 260, 264, 264};
/* Permille odds that a model held outside the home platform moves home once it is hosted there. */
static const unsigned short move_home[QUARTERS] = {40, 40, 40, 40, 50, 50, 60, 70, 110, 180, 260, 560, 560};
/* claim: azure-consolidation. Permille odds that a rival's customer makes Azure its home. */
static const unsigned short adopt_azure[QUARTERS] = {0, 0, 0, 0, 0, 0, 0, 0, 8, 26, 70, 110, 30};
/* The reverse in the exclusive era: Azure's customers who leave to reach the other developers. */
static const unsigned short leave_azure[QUARTERS] = {0, 6, 10, 14, 20, 26, 30, 30, 18, 8, 2, 0, 0};
/* Percent: spend on one model as its use grows. */
static const unsigned char growth[QUARTERS] = {66, 71, 76, 81, 86, 91, 96, 101, 106, 111, 116, 121, 125};
static const unsigned char ramp[] = {35, 62, 86, 100};   /* percent of full use, by quarters since the start */

enum { DROP_PERMILLE = 26, UPGRADE_PERMILLE = 190, SECOND_HOST_PERMILLE = 85, OFF_HOME_PERCENT = 56 };

/* ---- Who the enterprises are --------------------------------------------------------------- */

typedef struct {
	const char *name;
	unsigned char weight, spend, appetite;   /* share of the panel; percent; percent */
	unsigned char azure, aws, google;        /* percent of the usual pull towards a home platform */
	unsigned char tilt[DEVELOPERS];          /* percent of the usual pull towards a developer */
	const char *nouns[4];                    /* what its companies are called */
} Industry;

static const Industry industries[INDUSTRIES] = {
	{"Banking", 14, 135, 118, 112, 96, 70, {100, 122, 92, 60, 86, 100}, {"Bank", "Financial", "Trust", "Capital"}},
	{"Insurance", 9, 110, 100, 116, 84, 72, {104, 116, 90, 60, 84, 104}, {"Assurance", "Mutual", "Insurance", "Re"}},
	{"Healthcare", 10, 88, 86, 104, 98, 96, {108, 104, 80, 50, 92, 124}, {"Health", "Clinics", "Medical", "Care"}},
	{"Pharmaceuticals", 8, 112, 108, 96, 116, 100, {100, 126, 84, 60, 110, 110}, {"Pharma", "Biologics", "Therapeutics", "Labs"}},
	{"Manufacturing", 13, 92, 92, 114, 88, 82, {104, 84, 122, 80, 112, 96}, {"Industries", "Works", "Motion", "Components"}},
	{"Retail", 11, 96, 104, 84, 120, 128, {106, 90, 104, 120, 116, 92}, {"Stores", "Retail", "Markets", "Outfitters"}},
	{"Telecommunications", 8, 118, 114, 96, 100, 132, {94, 92, 122, 130, 134, 94}, {"Telecom", "Networks", "Mobile", "Connect"}},
	{"Energy", 8, 104, 88, 112, 100, 70, {106, 86, 110, 110, 96, 110}, {"Energy", "Power", "Grid", "Resources"}},
	{"Public sector", 9, 72, 70, 128, 82, 60, {112, 84, 136, 40, 128, 90}, {"Authority", "Agency", "Office", "Commission"}},
	{"Professional services", 10, 108, 122, 118, 88, 88, {104, 118, 88, 110, 78, 92}, {"Advisers", "Consulting", "Partners", "Associates"}},
};

typedef struct {
	const char *name;
	unsigned char weight, spend, delay;   /* share of the panel; percent; percent who start a year later */
	unsigned char tilt[DEVELOPERS];
	const char *forms[3];                 /* legal forms */
} RegionTraits;

static const RegionTraits regions[REGIONS] = {
	{"United States", 38, 118, 0, {106, 112, 56, 130, 104, 96}, {"Inc.", "Corp.", "LLC"}},
	{"European Union", 26, 94, 8, {88, 92, 236, 50, 112, 96}, {"AG", "SA", "S.p.A."}},
	{"United Kingdom", 10, 102, 5, {100, 106, 120, 80, 96, 96}, {"plc", "Ltd", "LLP"}},
	{"Asia-Pacific", 16, 90, 12, {104, 92, 62, 90, 118, 128}, {"K.K.", "Pte. Ltd.", "Ltd"}},
	{"Latin America", 6, 70, 20, {112, 84, 92, 100, 128, 90}, {"S.A. de C.V.", "Ltda.", "S.A."}},
	{"Middle East and Africa", 4, 82, 20, {106, 82, 116, 110, 116, 104}, {"PJSC", "Group", "Ltd"}},
};

typedef struct {
	unsigned char weight, appetite, second_host, churn;   /* share; percent; percent; permille a quarter */
	unsigned int spend;                                   /* USD a quarter for one flagship model */
} SizeTraits;

static const SizeTraits sizes[SIZES] = {
	[SMALL] = {20, 68, 34, 24, 9000},
	[MIDSIZE] = {31, 92, 48, 15, 30000},
	[LARGE] = {30, 116, 66, 9, 95000},
	[VERY_LARGE] = {19, 138, 80, 5, 300000},
};
static const unsigned char bundle_weight[BUNDLES] = {34, 28, 24, 14};
static const unsigned char bundle_azure[BUNDLES] = {74, 112, 140, 132};   /* percent pull towards Azure */
static const unsigned char bundle_churn[BUNDLES] = {150, 84, 62, 56};     /* percent of the size's churn */
static const unsigned char home_weight[PLATFORMS] = {65, 19, 11, 3, 4};

/* Invented syllables. A likeness to a real company's name would be chance. */
static const char *const heads[32] = {"Tarv", "Quell", "Ostri", "Bren", "Velq", "Morra", "Hask", "Ildu",
	                                  "Cypr", "Dorva", "Fenn", "Galo", "Jorin", "Kelm", "Lusk", "Nadr",
	                                  "Brü", "Øst", "Pryd", "Rusk", "Sævi", "Thal", "Umbri", "Vask",
	                                  "Wend", "Xant", "Ymir", "Zelk", "Łuk", "Ñand", "Žali", "Åsk"};
static const char *const tails[32] = {"ossa", "mark", "vane", "holt", "orin", "quay", "mere", "ström",
	                                  "adel", "bury", "crest", "dune", "enholt", "ford", "gard", "hame",
	                                  "iska", "jarn", "kell", "lund", "mont", "noor", "olme", "porth",
	                                  "quist", "rova", "shaw", "tora", "ullen", "vére", "wick", "yard"};

/* clang-format on */

/* ---- Random numbers and fixed-point arithmetic --------------------------------------------- */

typedef struct {
	uint64_t state;
} Rng;

static uint32_t rng_next(Rng *r)
{ /* xorshift64*, high half */
	r->state ^= r->state >> 12;
	r->state ^= r->state << 25;
	r->state ^= r->state >> 27;
	return (uint32_t)((r->state * 2685821657736338717ULL) >> 32);
}

/* A stream of its own for every enterprise; neighbouring numbers are first scattered. */
static Rng rng_for(uint64_t number)
{
	uint64_t z = (SEED + number + 1) * 0x9E3779B97F4A7C15ULL;
	z = (z ^ (z >> 29)) * 0xD6E8FEB86659FD93ULL;
	z ^= z >> 32;
	return (Rng){z ? z : 1};
}

static uint32_t rng_below(Rng *r, uint32_t n)
{
	return (uint32_t)(((uint64_t)rng_next(r) * n) >> 32);
}

static bool rng_odds(Rng *r, uint32_t permille)
{
	return rng_below(r, 1000) < permille;
}

/* Index drawn in proportion to the weights; they must not all be zero. */
static unsigned rng_pick(Rng *r, const uint32_t *weights, unsigned n)
{
	uint32_t total = 0;
	for (unsigned i = 0; i < n; i++)
		total += weights[i];
	uint32_t at = rng_below(r, total);
	unsigned i = 0;
	while (at >= weights[i])
		at -= weights[i++];
	return i;
}

static unsigned rng_pick_bytes(Rng *r, const unsigned char *weights, unsigned n)
{
	uint32_t wide[32];
	for (unsigned i = 0; i < n; i++)
		wide[i] = weights[i];
	return rng_pick(r, wide, n);
}

static uint32_t exp2_table[257]; /* 2^(i/256) in 16.16 */

static void exp2_table_fill(void)
{
	const uint64_t step = 1076653033; /* 2^(1/256) in 2.30 */
	uint64_t v = 1ULL << 30;
	for (int i = 0; i <= 256; i++) {
		exp2_table[i] = (uint32_t)((v + (1 << 13)) >> 14);
		v = (v * step + (1 << 29)) >> 30;
	}
}

/* 2^x for x and the result in 16.16; x between -15 and 15. */
static uint64_t exp2_fixed(int32_t x)
{
	int32_t whole = (x + 16 * ONE) / ONE - 16; /* floor */
	uint32_t fraction = (uint32_t)(x - whole * ONE);
	uint64_t low = exp2_table[fraction >> 8], high = exp2_table[(fraction >> 8) + 1];
	uint64_t v = low + (((high - low) * (fraction & 255)) >> 8);
	return whole >= 0 ? v << whole : v >> -whole;
}

/* Standard normal in 16.16: twelve uniforms have variance 1. */
static int32_t rng_normal(Rng *r)
{
	int32_t sum = -6 * ONE;
	for (int i = 0; i < 6; i++) {
		uint32_t u = rng_next(r);
		sum += (int32_t)((u >> 16) + (u & 0xFFFF));
	}
	return sum;
}

/* Log-normal factor with median 1, in 16.16; spread is the log's standard deviation, in percent. */
static uint64_t rng_lognormal(Rng *r, int32_t spread)
{
	int64_t bits = (int64_t)rng_normal(r) * spread * 1443 / 100000; /* 1/ln 2 = 1.443 */
	return exp2_fixed((int32_t)bits);
}

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
