/* Notes: what a build wants to know again when it next meets the very site it made. */
#include "publish/private.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define NOTE_VERSION "stet note 1\n"
#define NOTE_HEAD (sizeof NOTE_VERSION - 1 + 2 * STET_HASH_LEN) /* version, seal of the site, hash of the rest */

static char *note_path(const char *state_dir, const char *key, const char *name)
{
	g_autofree char *file = g_strdup_printf("%s-%s", name, key);
	return g_build_filename(state_dir, file, NULL);
}

/* The note, if it is whole and was saved with the site of this seal. */
static GBytes *load(const char *state_dir, const char *key, const char *name, const StetHash *seal)
{
	g_autofree char *path = note_path(state_dir, key, name);
	gsize length = 0;
	char *text = stet_file_read(path, &length, NULL);
	g_autoptr(GBytes) whole = text ? g_bytes_new_take(text, length) : NULL;
	const gsize version = sizeof NOTE_VERSION - 1;
	if (!whole || length < NOTE_HEAD || memcmp(text, NOTE_VERSION, version) != 0 ||
		memcmp(text + version, seal->hex, STET_HASH_LEN) != 0)
		return NULL;
	StetHash hash = stet_hash(text + NOTE_HEAD, length - NOTE_HEAD);
	if (memcmp(text + version + STET_HASH_LEN, hash.hex, STET_HASH_LEN) != 0)
		return NULL;
	return g_bytes_new_from_bytes(whole, NOTE_HEAD, length - NOTE_HEAD);
}

GBytes *stet_stage_note(const StetStage *stage, const char *name)
{
	return stage->before && stage->out_fd >= 0 ? load(stage->state_dir, stage->key, name, &stage->before->seal)
											   : NULL;
}

/* The key and the record of the site in `out_dir`; FALSE if no build of this report made one there. */
static gboolean site_of(const char *out_dir, const char *state_dir, char **key, StetHash *seal)
{
	g_autofree char *out = g_file_test(out_dir, G_FILE_TEST_IS_DIR) ? stet_site_resolve(out_dir, NULL) : NULL;
	g_autofree char *shown = out ? stet_site_shown(out, state_dir) : NULL;
	*key = shown ? stet_site_key(shown) : NULL;
	g_autoptr(StetRecord) record = *key ? stet_record_load(state_dir, *key) : NULL;
	if (record)
		*seal = record->seal;
	return record != NULL;
}

GBytes *stet_note_load(const char *out_dir, const char *state_dir, const char *name)
{
	g_autofree char *key = NULL;
	StetHash seal;
	return site_of(out_dir, state_dir, &key, &seal) ? load(state_dir, key, name, &seal) : NULL;
}

gboolean stet_note_save(const char *out_dir, const char *state_dir, const char *name, GBytes *bytes,
						GError **error)
{
	g_autofree char *key = NULL;
	StetHash seal;
	if (!site_of(out_dir, state_dir, &key, &seal))
		return TRUE;
	g_autofree char *path = note_path(state_dir, key, name);
	if (!bytes)
		return unlink(path) == 0 || errno == ENOENT ? TRUE : stet_publish_errno(error, "cannot remove", path);
	gsize length = 0;
	const char *data = g_bytes_get_data(bytes, &length);
	StetHash hash = stet_hash(data, length);
	g_autoptr(GString) text = g_string_sized_new(length + NOTE_HEAD);
	g_string_append(text, NOTE_VERSION);
	g_string_append(text, seal.hex);
	g_string_append(text, hash.hex);
	g_string_append_len(text, data, (gssize)length);
	return stet_file_write(path, text->str, text->len, error);
}
