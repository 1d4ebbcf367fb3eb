/* deployments ENTERPRISES ROWS >FILE.csv: a synthetic panel of AI deployments, the same bytes every time. A row is
 * one deployment of one model on one platform by one enterprise in one quarter. Enterprises begin in some quarter
 * and keep to their platform; models come over time; some enterprises consolidate. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define QUARTERS 8
#define PLATFORMS 4
#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

static const char *const quarters[QUARTERS] = {"2024Q1", "2024Q2", "2024Q3", "2024Q4", "2025Q1", "2025Q2", "2025Q3", "2025Q4"};
static const char *const platforms[PLATFORMS] = {"Azure", "AWS", "Google Cloud", "Other"};
static const char *const industries[] = {"Financial Services", "Healthcare", "Manufacturing", "Retail, Wholesale & CPG", "Software",
										 "Public Sector", "Energy, Utilities", "Télécommunications"};
static const char *const regions[] = {"North America", "EMEA", "APJ", "LATAM", "Österreich & Schweiz"};
static const char *const first[] = {"Nord", "Blue", "Alt", "Vér", "Kaiser", "Sato", "São", "Omni", "Crest", "Lumen",
									"Ridge", "Zürich", "Delta", "Acme", "Pioneer", "Łódź", "Harbor", "Quant", "Terra", "Hélix"};
static const char *const second[] = {"bank", "works", "care", "grid", "mart", "logic", "foods", "motors",
									 "telecom", "health", "capital", "energy", "labs", "steel", "air", "media"};
static const char *const last[] = {" Inc", ", Inc.", " AG", " GmbH", " SA", ", LLC", " plc", " K.K.", " & Söhne, KG", " \"Group\""};
static const struct {
	const char *developer, *name;
	int from;                 /* first quarter */
	int weight[PLATFORMS];
} models[] = {
	{"OpenAI", "gpt-4", 0, {9, 1, 0, 4}}, {"OpenAI", "gpt-4o", 1, {12, 1, 0, 5}}, {"OpenAI", "gpt-4o-mini", 2, {9, 0, 0, 4}},
	{"OpenAI", "o3", 5, {8, 1, 0, 3}}, {"OpenAI", "gpt-5", 6, {14, 1, 0, 5}}, {"Anthropic", "claude-3-sonnet", 0, {0, 10, 5, 3}},
	{"Anthropic", "claude-3.5-sonnet", 2, {0, 14, 7, 4}}, {"Anthropic", "claude-4-sonnet", 5, {2, 15, 8, 5}},
	{"Google", "gemini-1.0-pro", 0, {0, 0, 9, 1}}, {"Google", "gemini-1.5-pro", 1, {0, 0, 12, 2}},
	{"Google", "gemini-2.5-flash", 5, {0, 0, 13, 2}}, {"Meta", "llama-2-70b", 0, {3, 3, 2, 3}}, {"Meta", "llama-3-70b", 1, {3, 4, 3, 4}},
	{"Meta", "llama-4-maverick", 5, {2, 3, 2, 3}}, {"Mistral AI", "mistral-large", 0, {3, 2, 1, 3}},
	{"Mistral AI", "codestral, v2", 3, {2, 1, 1, 2}}, {"Amazon", "titan-text", 0, {0, 4, 0, 0}}, {"Amazon", "nova-pro", 3, {0, 7, 0, 0}},
	{"DeepSeek", "deepseek-v3", 4, {2, 2, 1, 5}}, {"Alibaba", "qwen-2.5-72b (通义)", 3, {1, 1, 1, 4}},
};
#define MODELS COUNT(models)

typedef struct {
	int start, home, loyal, scale, mono;
	uint64_t hash;
	char head[160];
} Enterprise;

typedef struct {
	int n, total, ids[MODELS], upto[MODELS];
} Pool;

/* xorshift64* (Vigna 2016, "An experimental exploration of Marsaglia's xorshift generators") */
static uint64_t state = 20260101u * UINT64_C(0x9E3779B97F4A7C15) + UINT64_C(0xD1B54A32D192ED03);

static uint64_t next(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * UINT64_C(0x2545F4914F6CDD1D);
}

static int below(int n)
{
	return (int)((next() >> 11) % (uint64_t)n);
}

/* The first of `upto`, sums that rise, that `value` does not reach past. */
static int pick(const int *upto, int n, int value)
{
	int i = 0;
	while (i < n && upto[i] <= value)
		i++;
	return i;
}

static void put_quoted(char *to, size_t size, const char *text)
{
	size_t n = strlen(to);
	int quoted = strpbrk(text, ",\"\n") != NULL;
	if (quoted && n + 1 < size)
		to[n++] = '"';
	for (const char *p = text; *p && n + 3 < size; p++) {
		if (*p == '"')
			to[n++] = '"';
		to[n++] = *p;
	}
	if (quoted)
		to[n++] = '"';
	to[n] = 0;
}

static void make_enterprise(Enterprise *e, int index)
{
	static const int platform_sums[] = {42, 72, 89, 100}, industry_sums[] = {18, 30, 44, 60, 80, 88, 94, 100},
					 region_sums[] = {42, 69, 87, 95, 100};
	char name[96];
	e->start = below(10) < 6 ? 0 : below(8);
	e->home = pick(platform_sums, PLATFORMS, below(100));
	e->loyal = 35 + below(60);
	int a = below(10), b = below(10);
	e->scale = 1 + a * b;
	e->mono = below(100) < 22;
	const char *one = first[below(COUNT(first))], *two = second[below(COUNT(second))], *three = last[below(COUNT(last))];
	snprintf(name, sizeof name, "%s%s %d%s", one, two, index + 1, three);
	snprintf(e->head, sizeof e->head, "E%06d,", index + 1);
	put_quoted(e->head, sizeof e->head, name);
	strncat(e->head, ",", sizeof e->head - strlen(e->head) - 1);
	put_quoted(e->head, sizeof e->head, industries[pick(industry_sums, COUNT(industry_sums), below(100))]);
	strncat(e->head, ",", sizeof e->head - strlen(e->head) - 1);
	put_quoted(e->head, sizeof e->head, regions[pick(region_sums, COUNT(region_sums), below(100))]);
	e->hash = (uint64_t)below(1 << 30);
}

static void make_pool(Pool *pool, int platform, int quarter)
{
	pool->n = pool->total = 0;
	for (int m = 0; m < MODELS; m++) {
		if (models[m].from > quarter || models[m].weight[platform] == 0)
			continue;
		pool->total += models[m].weight[platform] * (1 + (quarter >= models[m].from + 2));
		pool->ids[pool->n] = m;
		pool->upto[pool->n++] = pool->total;
	}
}

static void put_row(const Enterprise *e, Pool pools[PLATFORMS][QUARTERS], int t)
{
	static const int sums[] = {42, 72, 89, 100};
	uint64_t u = next() >> 8;
	int p = e->mono || (int)(u % 100) < e->loyal ? e->home : pick(sums, PLATFORMS, (int)((u >> 7) % 100));
	const Pool *pool = &pools[p][t];
	int m = !e->mono ? pool->ids[pick(pool->upto, pool->n, (int)((u >> 16) % (uint64_t)pool->total))]
			: t == 7 ? pool->ids[e->hash % (uint64_t)pool->n]
					 : pool->ids[pick(pool->upto, pool->n, (int)((e->hash >> 3) % (uint64_t)pool->total))];
	long tokens = (long)(1 + (u >> 30) % 400) * e->scale + t * 7, cents = tokens * (40 + m * 37 % 160);
	char model[40] = "";
	put_quoted(model, sizeof model, models[m].name);
	printf("%s,%s,%s,%s,%s,%ld.%ld,%ld.%02ld\n", quarters[t], e->head, platforms[p], models[m].developer, model, tokens / 10,
		   tokens % 10, cents / 100, cents % 100);
}

int main(int argc, char **argv)
{
	static Pool pools[PLATFORMS][QUARTERS];
	long n = argc == 3 ? strtol(argv[1], NULL, 10) : 0, rows = argc == 3 ? strtol(argv[2], NULL, 10) : 0, written = 0;
	Enterprise *all = n > 0 && n <= 1000000 && rows > 0 ? calloc((size_t)n, sizeof *all) : NULL;
	if (all == NULL)
		return 2;
	for (int p = 0; p < PLATFORMS; p++)
		for (int t = 0; t < QUARTERS; t++)
			make_pool(&pools[p][t], p, t);
	for (long e = 0; e < n; e++)
		make_enterprise(&all[e], (int)e);
	puts("quarter,enterprise_id,enterprise,industry,region,platform,developer,model,monthly_tokens_m,spend_usd");
	for (int t = 0; t < QUARTERS; t++) {
		long want = t < QUARTERS - 1 ? rows / QUARTERS : rows - written, active = 0, k = 0;
		for (long e = 0; e < n; e++)
			active += all[e].start <= t;
		for (long e = 0; e < n; e++)
			if (all[e].start <= t) {
				long here = want / active + (k++ < want % active);
				for (long j = 0; j < here; j++)
					put_row(&all[e], pools, t);
			}
		written += want;
	}
	free(all);
	return fflush(stdout) == 0 ? 0 : 3;
}
