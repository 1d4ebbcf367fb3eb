/* Random numbers that are the same on every machine: integers and fixed-point arithmetic only. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

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
