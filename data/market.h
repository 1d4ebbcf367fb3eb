/* The synthetic market as the panel has it: who sells what, when, and who the enterprises are. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

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
