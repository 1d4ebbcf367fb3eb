/* Arenas: blocks that double in size, freed together. */
#include "stet/base.h"
#include <string.h>

#define FIRST_BLOCK ((gsize)16 * 1024)
#define LAST_BLOCK ((gsize)4 * 1024 * 1024)
#define ALIGNMENT ((gsize)16)

typedef struct Block Block;
struct Block {
	Block *older;
	gsize size;
	gsize used;
	_Alignas(16) char bytes[];
};

struct StetArena {
	Block *newest;
	gsize spent;
};

static Block *block_new(gsize size, Block *older)
{
	Block *block = g_malloc(sizeof *block + size);
	block->older = older;
	block->size = size;
	block->used = 0;
	return block;
}

StetArena *stet_arena_new(void)
{
	StetArena *arena = g_new0(StetArena, 1);
	arena->newest = block_new(FIRST_BLOCK, NULL);
	return arena;
}

void stet_arena_free(StetArena *arena)
{
	if (!arena)
		return;
	for (Block *block = arena->newest; block;) {
		Block *older = block->older;
		g_free(block);
		block = older;
	}
	g_free(arena);
}

void stet_arena_reset(StetArena *arena)
{
	while (arena->newest->older) {
		Block *older = arena->newest->older;
		g_free(arena->newest);
		arena->newest = older;
	}
	arena->newest->used = 0;
	arena->spent = 0;
}

/* A block of its own goes below the newest one, which may still have room. */
static char *own_block(StetArena *arena, gsize size)
{
	Block *block = block_new(size, arena->newest->older);
	arena->newest->older = block;
	block->used = size;
	return block->bytes;
}

static char *take(StetArena *arena, gsize size)
{
	if (size > G_MAXSIZE / 2)
		g_error("arena: %" G_GSIZE_FORMAT " bytes asked for at once", size);
	size = (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
	arena->spent += size;
	Block *block = arena->newest;
	if (block->size - block->used >= size) {
		char *at = block->bytes + block->used;
		block->used += size;
		return at;
	}
	if (size > block->size / 2 && block->size >= FIRST_BLOCK)
		return own_block(arena, size);
	arena->newest = block_new(MIN(block->size * 2, LAST_BLOCK), block);
	arena->newest->used = size;
	return arena->newest->bytes;
}

gpointer stet_arena_alloc(StetArena *arena, gsize size)
{
	return memset(take(arena, size), 0, size);
}

char *stet_arena_text(StetArena *arena, const char *text, gssize length)
{
	gsize n = length < 0 ? strlen(text) : (gsize)length;
	char *copy = take(arena, n + 1);
	if (n > 0)
		memcpy(copy, text, n);
	copy[n] = '\0';
	return copy;
}

gsize stet_arena_used(const StetArena *arena)
{
	return arena->spent;
}
