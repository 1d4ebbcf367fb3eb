/* Blocks of text that are freed together. */
#include "private.h"

#include <string.h>

#define BLOCK (256u << 10)
#define BEHIND 8u /* the hash of a text reads whole words */

StetText ds_arena_copy(DsArena *arena, const char *bytes, gsize length)
{
	gsize need = length + BEHIND;
	if (arena->blocks == NULL)
		arena->blocks = g_ptr_array_new_with_free_func(g_free);
	if (arena->blocks->len == 0 || arena->capacity - arena->used < need) {
		arena->capacity = MAX(need, BLOCK);
		arena->used = 0;
		g_ptr_array_add(arena->blocks, g_malloc0(arena->capacity));
	}
	char *to = (char *)g_ptr_array_index(arena->blocks, arena->blocks->len - 1) + arena->used;
	if (length > 0)
		memcpy(to, bytes, length);
	arena->used += need;
	return (StetText){to, length};
}

void ds_arena_reset(DsArena *arena)
{
	if (arena->blocks == NULL || arena->blocks->len == 0)
		return;
	if (arena->blocks->len > 1) {
		g_ptr_array_set_size(arena->blocks, 0);
		arena->capacity = 0;
	}
	arena->used = 0;
}

void ds_arena_clear(DsArena *arena)
{
	if (arena->blocks != NULL)
		g_ptr_array_free(arena->blocks, TRUE);
	*arena = (DsArena){0};
}
