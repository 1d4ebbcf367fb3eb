/* What the last build read: found unchanged by size and time, by content only where those disagree. */
#include "publish/private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define STATE_VERSION "stet state 1"
#define STATE_NAME "state"
#define SITES_MAX 64 /* sites of one report remembered at a time */

/* A file changed within this time (ns) of the scan may change again without a new time stamp: kernels
 * stamp by the tick, some file systems by the second or two. */
#define TICK 100000000
#define COARSE 2000000000

typedef struct {
	char *path; /* relative to the report's folder */
	guint64 size, inode;
	gint64 mtime, ctime; /* ns since 1970 UTC */
	gboolean hashed;
	StetHash hash;
} Input;

struct StetState {
	char *root;
	StetHash salt;
	gint64 scanned;       /* ns since 1970 UTC */
	GPtrArray *inputs;    /* Input *, sorted by path */
	GHashTable *by_path;  /* path -> Input * */
	GHashTable *saved;    /* path -> Input * of the last build */
	GPtrArray *built;     /* char *: "KEY DIGEST SEAL", a site each, latest last */
	gboolean stale_times; /* an unchanged file got a new time: worth remembering */
};

static void input_free(gpointer data)
{
	g_free(((Input *)data)->path);
	g_free(data);
}

static char *state_path(const StetState *state, const char *name)
{
	return g_build_filename(state->root, ".stet", name, NULL);
}

static gint64 now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_REALTIME, &time);
	return (gint64)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* ---- scanning ------------------------------------------------------------------------------ */

static gboolean add_folder(GPtrArray *inputs, const char *root, const char *folder, GError **error)
{
	g_autofree char *dir = g_build_filename(root, folder, NULL);
	g_autoptr(GPtrArray) names = stet_files_list(dir);
	for (guint i = 0; i < names->len; i++) {
		g_autofree char *path = g_build_filename(dir, names->pdata[i], NULL);
		struct stat info;
		if (stat(path, &info) != 0)
			return stet_publish_errno(error, "cannot read", path);
		Input *input = g_new0(Input, 1);
		g_ptr_array_add(inputs, input);
		input->path = g_strconcat(folder, "/", (char *)names->pdata[i], NULL);
		input->size = (guint64)info.st_size;
		input->inode = (guint64)info.st_ino;
		input->mtime = stet_stat_mtime(&info);
		input->ctime = stet_stat_ctime(&info);
	}
	return TRUE;
}

static GPtrArray *list_inputs(const char *root, GError **error)
{
	g_autoptr(GPtrArray) inputs = g_ptr_array_new_with_free_func(input_free);
	if (!add_folder(inputs, root, "data", error) || !add_folder(inputs, root, "templates", error))
		return NULL;
	return g_steal_pointer(&inputs);
}

/* "SIZE MTIME CTIME INODE HASH PATH" */
static Input *parse_input(const char *line)
{
	char *at = (char *)line;
	Input *input = g_new0(Input, 1);
	input->size = g_ascii_strtoull(at, &at, 10);
	input->mtime = g_ascii_strtoll(at, &at, 10);
	input->ctime = g_ascii_strtoll(at, &at, 10);
	input->inode = g_ascii_strtoull(at, &at, 10);
	if (*at == ' ' && strlen(at) > STET_HASH_LEN + 2 && at[STET_HASH_LEN + 1] == ' ') {
		memcpy(input->hash.hex, at + 1, STET_HASH_LEN);
		input->hashed = TRUE;
		input->path = g_strcompress(at + STET_HASH_LEN + 2);
		return input;
	}
	input_free(input);
	return NULL;
}

/* A file that is missing, damaged or of another version leaves nothing remembered. */
static void read_saved(StetState *state)
{
	g_autofree char *path = state_path(state, STATE_NAME);
	g_auto(GStrv) lines = stet_sealed_read(path, STATE_VERSION, NULL);
	for (guint i = 0; lines && lines[i]; i++) {
		Input *input = g_str_has_prefix(lines[i], "input ") ? parse_input(lines[i] + 6) : NULL;
		if (input)
			g_hash_table_replace(state->saved, input->path, input);
		else if (g_str_has_prefix(lines[i], "built "))
			g_ptr_array_add(state->built, g_strdup(lines[i] + 6));
	}
	for (guint i = 0; i < state->inputs->len; i++) {
		Input *input = state->inputs->pdata[i];
		const Input *old = g_hash_table_lookup(state->saved, input->path);
		if (old && old->size == input->size && old->mtime == input->mtime && old->ctime == input->ctime &&
			old->inode == input->inode) {
			input->hash = old->hash;
			input->hashed = TRUE;
		}
	}
}

StetState *stet_state_scan(const char *root, const char *salt, GError **error)
{
	g_autoptr(StetState) state = g_new0(StetState, 1);
	state->root = g_strdup(root);
	state->salt = stet_hash(salt, strlen(salt));
	state->saved = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, input_free);
	state->by_path = g_hash_table_new(g_str_hash, g_str_equal);
	state->built = g_ptr_array_new_with_free_func(g_free);
	state->scanned = now();
	state->inputs = list_inputs(root, error);
	if (!state->inputs)
		return NULL;
	for (guint i = 0; i < state->inputs->len; i++) {
		Input *input = state->inputs->pdata[i];
		g_hash_table_replace(state->by_path, input->path, input);
	}
	read_saved(state);
	return g_steal_pointer(&state);
}

void stet_state_free(StetState *state)
{
	if (!state)
		return;
	g_clear_pointer(&state->by_path, g_hash_table_unref);
	g_clear_pointer(&state->saved, g_hash_table_unref);
	g_clear_pointer(&state->inputs, g_ptr_array_unref);
	g_clear_pointer(&state->built, g_ptr_array_unref);
	g_free(state->root);
	g_free(state);
}

void stet_state_tell(StetState *state, const char *path, const StetHash *hash)
{
	Input *input = g_hash_table_lookup(state->by_path, path);
	if (!input || input->hashed)
		return;
	input->hash = *hash;
	input->hashed = TRUE;
}

/* ---- is it current? ------------------------------------------------------------------------ */

static gboolean hash_input(const StetState *state, Input *input, GError **error)
{
	g_autofree char *file = g_build_filename(state->root, input->path, NULL);
	input->hashed = input->hashed || stet_hash_file(file, &input->hash, NULL, error);
	return input->hashed;
}

gboolean stet_state_hash(StetState *state, const char *path, StetHash *hash, guint64 *bytes)
{
	Input *input = g_hash_table_lookup(state->by_path, path);
	const Input *old = input ? g_hash_table_lookup(state->saved, path) : NULL;
	if (!input || (!input->hashed && (!old || old->size != input->size || !hash_input(state, input, NULL))))
		return FALSE;
	*hash = input->hash;
	*bytes = input->size;
	return TRUE;
}

/* The inputs as one hash; every one must be hashed. */
static StetHash digest(const StetState *state)
{
	StetHasher *hasher = stet_hasher_new();
	stet_hasher_add(hasher, state->salt.hex, STET_HASH_LEN);
	for (guint i = 0; i < state->inputs->len; i++) {
		const Input *input = state->inputs->pdata[i];
		stet_hasher_add(hasher, input->hash.hex, STET_HASH_LEN);
		stet_hasher_add(hasher, input->path, strlen(input->path) + 1);
	}
	return stet_hasher_end(hasher);
}

/* Quick to say no: a new file, a lost one or another size need no hashing. */
static gboolean inputs_as_saved(StetState *state)
{
	if (state->inputs->len != g_hash_table_size(state->saved))
		return FALSE;
	for (guint i = 0; i < state->inputs->len; i++) {
		const Input *input = state->inputs->pdata[i];
		const Input *old = g_hash_table_lookup(state->saved, input->path);
		if (!old || old->size != input->size)
			return FALSE;
	}
	for (guint i = 0; i < state->inputs->len; i++) {
		Input *input = state->inputs->pdata[i];
		if (input->hashed)
			continue;
		if (!hash_input(state, input, NULL))
			return FALSE;
		state->stale_times = TRUE;
	}
	return TRUE;
}

static gboolean site_untouched(const StetRecord *record, const char *out_dir)
{
	int out = open(out_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	gboolean same = out >= 0;
	for (guint i = 0; same && i < record->files->len; i++) {
		const StetRecordFile *file = record->files->pdata[i];
		struct stat info;
		same = fstatat(out, file->path, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
			   (guint64)info.st_size == file->size && stet_stat_mtime(&info) == file->mtime &&
			   (guint64)info.st_ino == file->inode;
	}
	if (out >= 0)
		close(out);
	return same;
}

static char *key_of(const StetState *state, const char *out_dir)
{
	g_autofree char *state_dir = state_path(state, "");
	g_autofree char *out = g_file_test(out_dir, G_FILE_TEST_IS_DIR) ? stet_site_resolve(out_dir, NULL) : NULL;
	g_autofree char *shown = out ? stet_site_shown(out, state_dir) : NULL;
	return shown ? stet_site_key(shown) : NULL;
}

gboolean stet_state_is_current(StetState *state, const char *out_dir)
{
	g_autofree char *key = key_of(state, out_dir), *state_dir = state_path(state, "");
	g_autoptr(StetRecord) record = key ? stet_record_load(state_dir, key) : NULL;
	if (!record || !inputs_as_saved(state))
		return FALSE;
	StetHash inputs = digest(state);
	g_autofree char *wanted = g_strdup_printf("%s %s %s", key, inputs.hex, record->seal.hex);
	gboolean known = FALSE;
	for (guint i = 0; i < state->built->len; i++)
		known = known || strcmp(state->built->pdata[i], wanted) == 0;
	gboolean current = known && site_untouched(record, out_dir);
	if (current && state->stale_times)
		stet_state_save(state, out_dir, NULL); /* spares the hashing next time; no harm if it cannot be */
	return current;
}

/* ---- remembering --------------------------------------------------------------------------- */

static gboolean unchanged_since_scan(const StetState *state)
{
	g_autoptr(GPtrArray) again = list_inputs(state->root, NULL);
	gboolean same = again && again->len == state->inputs->len;
	for (guint i = 0; same && i < again->len; i++) {
		const Input *a = again->pdata[i], *b = state->inputs->pdata[i];
		same = strcmp(a->path, b->path) == 0 && a->size == b->size && a->mtime == b->mtime &&
			   a->ctime == b->ctime && a->inode == b->inode;
	}
	return same;
}

static gboolean trustworthy(const StetState *state, const Input *input)
{
	gint64 latest = MAX(input->mtime, input->ctime);
	return latest + (input->mtime % 1000000000 == 0 ? COARSE : TICK) < state->scanned;
}

static void write_inputs(const StetState *state, GString *text)
{
	for (guint i = 0; i < state->inputs->len; i++) {
		const Input *input = state->inputs->pdata[i];
		g_autofree char *escaped = g_strescape(input->path, NULL);
		g_string_append_printf(text,
							   "input %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
							   " %" G_GUINT64_FORMAT " %s %s\n",
							   input->size, trustworthy(state, input) ? input->mtime : 0, input->ctime,
							   input->inode, input->hash.hex, escaped);
	}
}

/* Other sites made from this report stay remembered; this one's line is put last. */
static void write_built(const StetState *state, const char *key, const StetRecord *record, GString *text)
{
	g_autofree char *prefix = g_strconcat(key, " ", NULL);
	guint first = state->built->len > SITES_MAX ? state->built->len - SITES_MAX : 0;
	for (guint i = first; i < state->built->len; i++)
		if (!g_str_has_prefix(state->built->pdata[i], prefix))
			g_string_append_printf(text, "built %s\n", (char *)state->built->pdata[i]);
	StetHash inputs = digest(state);
	g_string_append_printf(text, "built %s%s %s\n", prefix, inputs.hex, record->seal.hex);
}

gboolean stet_state_save(StetState *state, const char *out_dir, GError **error)
{
	g_autofree char *key = key_of(state, out_dir), *state_dir = state_path(state, ""),
					*path = state_path(state, STATE_NAME);
	g_autoptr(StetRecord) record = key ? stet_record_load(state_dir, key) : NULL;
	if (!record || !unchanged_since_scan(state))
		return TRUE;
	for (guint i = 0; i < state->inputs->len; i++)
		if (!hash_input(state, state->inputs->pdata[i], error))
			return FALSE;
	g_autoptr(GString) text = g_string_new(STATE_VERSION "\n");
	write_built(state, key, record, text);
	write_inputs(state, text);
	return stet_sealed_write(path, text, NULL, error);
}
