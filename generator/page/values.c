/* Texts, lists and maps as templates see them, built up. */
#include "page/private.h"

gboolean key_is(StetText key, const char *name)
{
	return stet_text_equal(key, name);
}

StetValue text_or_nil(const char *text)
{
	return text ? stet_value_text(NULL, text, -1) : stet_value_nil();
}

void map_add(MapBuilder *map, const char *key, StetValue value)
{
	map->keys[map->n] = key;
	map->values[map->n++] = value;
}

StetValue map_end(const MapBuilder *map, StetArena *arena)
{
	StetText keys[MAP_KEYS_MAX];
	for (guint i = 0; i < map->n; i++)
		keys[i] = stet_text(map->keys[i]);
	return stet_value_map(arena, keys, map->values, map->n);
}

StetValue texts_value(StetArena *arena, const char *const *texts, guint n)
{
	StetValue *items = stet_arena_alloc(arena, (n + 1) * sizeof *items);
	for (guint i = 0; i < n; i++)
		items[i] = stet_value_text(NULL, texts[i], -1);
	return stet_value_list(arena, items, n);
}
