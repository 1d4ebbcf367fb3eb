/* Keys over loaded columns: unique fields, primary keys, foreign keys. A row's key is hashed by value;
 * rows with equal hashes are compared cell by cell, so the result is exact. */
#include "private.h"

#include <math.h>
#include <string.h>

typedef struct {
	guint piece;
	gsize row; /* in the piece */
} Spot;

static gboolean is_missing(const StetColumn *column, Spot at)
{
	const guint64 *valid = column->vectors[at.piece].valid;
	return valid != NULL && !((valid[at.row / 64] >> (at.row % 64)) & 1);
}

static StetText text_at(const StetColumn *column, Spot at)
{
	const StetVector *vector = &column->vectors[at.piece];
	if (column->kind == STET_COLUMN_CODES)
		return stet_text(column->dictionary[((const guint32 *)vector->values)[at.row]]);
	const guint64 *offsets = vector->values;
	return (StetText){vector->bytes + offsets[at.row], offsets[at.row + 1] - offsets[at.row]};
}

static gboolean is_text(const StetColumn *column)
{
	return column->kind == STET_COLUMN_CODES || column->kind == STET_COLUMN_TEXT;
}

/* Any other value as 64 bits; decimals of different scales are brought to the larger by the caller. */
static guint64 bits_at(const StetColumn *column, Spot at)
{
	const void *values = column->vectors[at.piece].values;
	switch (ds_kind_size(column->kind)) {
	case 1:
		return ((const guint8 *)values)[at.row];
	case 4:
		return (guint64)(gint64)((const gint32 *)values)[at.row];
	default:
		return ((const guint64 *)values)[at.row];
	}
}

static guint64 mix(guint64 hash, guint64 value)
{
	hash = (hash ^ value) * G_GUINT64_CONSTANT(0x9E3779B97F4A7C15);
	return hash ^ (hash >> 29);
}

static guint64 cell_hash(const StetColumn *column, Spot at)
{
	if (!is_text(column))
		return bits_at(column, at);
	StetText text = text_at(column, at);
	guint64 hash = G_GUINT64_CONSTANT(0xCBF29CE484222325);
	for (gsize i = 0; i < text.len; i++)
		hash = (hash ^ (guint8)text.ptr[i]) * G_GUINT64_CONSTANT(0x100000001B3);
	return hash;
}

static gboolean cells_equal(const StetColumn *a, Spot at, const StetColumn *b, Spot bt)
{
	if (!is_text(a))
		return bits_at(a, at) == bits_at(b, bt);
	if (a == b && a->kind == STET_COLUMN_CODES)
		return ((const guint32 *)a->vectors[at.piece].values)[at.row] ==
			   ((const guint32 *)b->vectors[bt.piece].values)[bt.row];
	StetText x = text_at(a, at), y = text_at(b, bt);
	return x.len == y.len && memcmp(x.ptr, y.ptr, x.len) == 0;
}

/* ---- sets of keys -------------------------------------------------------------------------- */

typedef struct {
	const StetDataset *dataset;
	guint n;
	const StetColumn **columns;
} Key;

typedef struct {
	guint64 hash;
	Spot spot;
	gboolean used;
} Slot;

typedef struct {
	Key key;
	Slot *slots;
	gsize mask;
} KeySet;

static gboolean key_open(Key *key, const StetDataset *dataset, const char *const *names)
{
	*key =
		(Key){.dataset = dataset, .columns = g_new0(const StetColumn *, g_strv_length((char **)names) + 1)};
	for (; *names != NULL; names++)
		for (guint c = 0; c < dataset->n_columns; c++)
			if (g_str_equal(dataset->columns[c].name, *names))
				key->columns[key->n++] = &dataset->columns[c];
	return key->n > 0;
}

static void key_close(Key *key)
{
	g_free(key->columns);
}

static guint64 key_hash(const Key *key, Spot at)
{
	guint64 hash = 0;
	for (guint i = 0; i < key->n; i++)
		hash = mix(hash, cell_hash(key->columns[i], at));
	return hash;
}

static gboolean key_missing(const Key *key, Spot at)
{
	for (guint i = 0; i < key->n; i++)
		if (is_missing(key->columns[i], at))
			return TRUE;
	return FALSE;
}

static gboolean keys_equal(const Key *a, Spot at, const Key *b, Spot bt)
{
	for (guint i = 0; i < a->n; i++)
		if (!cells_equal(a->columns[i], at, b->columns[i], bt))
			return FALSE;
	return TRUE;
}

static gboolean set_open(KeySet *set, gsize rows)
{
	gsize size = 64;
	while (size < rows * 2)
		size *= 2;
	set->mask = size - 1;
	set->slots = g_try_new0(Slot, size);
	return set->slots != NULL;
}

/* The slot of an equal key, or a free one. */
static Slot *set_find(const KeySet *set, const Key *key, Spot at, guint64 hash)
{
	for (gsize i = hash & set->mask;; i = (i + 1) & set->mask) {
		Slot *slot = &set->slots[i];
		if (!slot->used || (slot->hash == hash && keys_equal(key, at, &set->key, slot->spot)))
			return slot;
	}
}

/* ---- text of a key ------------------------------------------------------------------------- */

static gsize row_number(const StetDataset *dataset, Spot at)
{
	gsize row = at.row;
	for (guint p = 0; p < at.piece; p++)
		row += dataset->piece_rows[p];
	return row;
}

static char *key_text(const Key *key, Spot at)
{
	GString *out = g_string_new("'");
	for (guint i = 0; i < key->n; i++) {
		guint c = (guint)(key->columns[i] - key->dataset->columns);
		g_autofree char *cell = stet_dataset_cell_text(key->dataset, c, row_number(key->dataset, at));
		g_string_append_printf(out, "%s%s", i > 0 ? ", " : "", cell != NULL ? cell : "");
	}
	g_string_append_c(out, '\'');
	return g_string_free(out, FALSE);
}

static char *key_names(const Key *key)
{
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < key->n; i++)
		g_string_append_printf(out, "%s%s", i > 0 ? ", " : "", key->columns[i]->name);
	return g_string_free(out, FALSE);
}

/* ---- unique -------------------------------------------------------------------------------- */

/* What is checked: a field, the primary key, or one of the schema's other keys. */
typedef enum { UNIQUE_FIELD, UNIQUE_KEY, PRIMARY_KEY } Uniqueness;

static void report_double(const Key *key, Spot at, Spot first, Uniqueness what, StetDiagnostics *diags)
{
	g_autofree char *text = key_text(key, at), *names = key_names(key);
	StetPlace place = stet_dataset_place(key->dataset, row_number(key->dataset, at));
	StetPlace earlier = stet_dataset_place(key->dataset, row_number(key->dataset, first));
	static const char *const called[] = {"unique field", "unique key", "primary key"};
	stet_diagnose(diags, STET_ERROR, what == UNIQUE_FIELD ? "value-unique" : "key-duplicate", place, NULL,
				  "%s %s stands already at %s:%u: %s", called[what], names, earlier.file, earlier.line, text);
}

static void report_missing(const Key *key, Spot at, StetDiagnostics *diags)
{
	g_autofree char *names = key_names(key);
	stet_diagnose(diags, STET_ERROR, "key-missing",
				  stet_dataset_place(key->dataset, row_number(key->dataset, at)), NULL,
				  "primary key %s has a missing value", names);
}

static void check_unique(const StetDataset *dataset, const char *const *names, Uniqueness what,
						 StetDiagnostics *diags)
{
	KeySet set = {0};
	if (!key_open(&set.key, dataset, names)) {
		key_close(&set.key);
		return;
	}
	if (!set_open(&set, dataset->rows)) {
		stet_diagnose(diags, STET_ERROR, "out-of-memory", dataset->resource->place, NULL,
					  "no memory to check the keys of '%s'", dataset->resource->name);
		key_close(&set.key);
		return;
	}
	for (guint p = 0; p < dataset->n_pieces; p++)
		for (gsize row = 0; row < dataset->piece_rows[p]; row++) {
			Spot at = {p, row};
			if (key_missing(&set.key, at)) {
				if (what == PRIMARY_KEY)
					report_missing(&set.key, at, diags);
				continue;
			}
			guint64 hash = key_hash(&set.key, at);
			Slot *slot = set_find(&set, &set.key, at, hash);
			if (slot->used)
				report_double(&set.key, at, slot->spot, what, diags);
			else
				*slot = (Slot){hash, at, TRUE};
		}
	g_free(set.slots);
	key_close(&set.key);
}

void ds_check_unique(StetDataset *dataset, StetDiagnostics *diags)
{
	const StetResource *resource = dataset->resource;
	for (guint c = 0; c < dataset->n_columns; c++) {
		const char *names[] = {dataset->columns[c].name, NULL};
		if (dataset->columns[c].field->unique)
			check_unique(dataset, names, UNIQUE_FIELD, diags);
	}
	if (resource->primary_key != NULL && resource->primary_key[0] != NULL)
		check_unique(dataset, resource->primary_key, PRIMARY_KEY, diags);
	for (guint i = 0; i < resource->n_unique_keys; i++)
		check_unique(dataset, resource->unique_keys[i], UNIQUE_KEY, diags);
}

/* ---- foreign keys -------------------------------------------------------------------------- */

static const StetDataset *find_dataset(StetDataset *const *datasets, guint n, const char *name)
{
	for (guint i = 0; i < n; i++)
		if (datasets[i] != NULL && g_str_equal(datasets[i]->resource->name, name))
			return datasets[i];
	return NULL;
}

/* Columns of both sides must be kept alike to be compared by value. */
static gboolean comparable(const Key *a, const Key *b, const StetForeignKey *foreign, StetDiagnostics *diags)
{
	for (guint i = 0; i < a->n && i < b->n; i++) {
		const StetColumn *x = a->columns[i], *y = b->columns[i];
		if (is_text(x) ? is_text(y) : x->kind == y->kind && x->scale == y->scale)
			continue;
		stet_diagnose(diags, STET_ERROR, "key-type", foreign->place, "give both fields the same type",
					  "'%s' and '%s', which it refers to, differ in type", x->name, y->name);
		return FALSE;
	}
	return a->n == b->n;
}

static void fill(KeySet *set)
{
	const StetDataset *dataset = set->key.dataset;
	for (guint p = 0; p < dataset->n_pieces; p++)
		for (gsize row = 0; row < dataset->piece_rows[p]; row++) {
			Spot at = {p, row};
			guint64 hash = key_hash(&set->key, at);
			Slot *slot = set_find(set, &set->key, at, hash);
			if (!slot->used && !key_missing(&set->key, at))
				*slot = (Slot){hash, at, TRUE};
		}
}

static void check_rows(const KeySet *set, const Key *key, const StetForeignKey *foreign,
					   StetDiagnostics *diags)
{
	const StetDataset *dataset = key->dataset;
	for (guint p = 0; p < dataset->n_pieces; p++)
		for (gsize row = 0; row < dataset->piece_rows[p]; row++) {
			Spot at = {p, row};
			if (key_missing(key, at) || set_find(set, key, at, key_hash(key, at))->used)
				continue;
			g_autofree char *text = key_text(key, at), *names = key_names(key);
			stet_diagnose(diags, STET_ERROR, "key-foreign",
						  stet_dataset_place(dataset, row_number(dataset, at)), NULL, "%s is not in '%s': %s",
						  names, set->key.dataset->resource->name, text);
			(void)foreign;
		}
}

static void check_foreign(const StetDataset *dataset, const StetForeignKey *foreign,
						  const StetDataset *reference, StetDiagnostics *diags)
{
	KeySet set = {0};
	Key key = {0};
	gboolean fine = key_open(&set.key, reference, foreign->reference_fields) &&
					key_open(&key, dataset, foreign->fields) && comparable(&key, &set.key, foreign, diags);
	if (fine && set_open(&set, reference->rows)) {
		fill(&set);
		check_rows(&set, &key, foreign, diags);
	}
	g_free(set.slots);
	key_close(&set.key);
	key_close(&key);
}

void stet_datasets_check_keys(StetDataset *const *datasets, guint n, StetDiagnostics *diags)
{
	for (guint i = 0; i < n; i++) {
		if (datasets[i] == NULL)
			continue;
		const StetResource *resource = datasets[i]->resource;
		for (guint k = 0; k < resource->n_foreign_keys; k++) {
			const StetForeignKey *foreign = &resource->foreign_keys[k];
			const StetDataset *reference =
				foreign->reference == NULL ? datasets[i] : find_dataset(datasets, n, foreign->reference);
			if (reference != NULL)
				check_foreign(datasets[i], foreign, reference, diags);
		}
	}
}

/* All the datasets hold, as one hash. */
static StetHash contents(StetDataset *const *datasets, guint n)
{
	StetHasher *hasher = stet_hasher_new();
	for (guint i = 0; i < n; i++)
		stet_hasher_add(hasher, datasets[i] != NULL ? datasets[i]->content.hex : "-",
						datasets[i] != NULL ? STET_HASH_LEN : 1);
	return stet_hasher_end(hasher);
}

void stet_datasets_check_keys_kept(StetDataset *const *datasets, guint n, const char *keep_dir,
								   StetDiagnostics *diags)
{
	g_autofree char *path = g_build_filename(keep_dir, "keys", NULL);
	g_autofree char *sound = stet_file_read(path, NULL, NULL);
	StetHash now = contents(datasets, n);
	guint errors = stet_diagnostics_count(diags, STET_ERROR);
	if (g_strcmp0(sound, now.hex) == 0)
		return;
	stet_datasets_check_keys(datasets, n, diags);
	if (stet_diagnostics_count(diags, STET_ERROR) == errors)
		stet_file_write(path, now.hex, STET_HASH_LEN, NULL);
}

/* ---- keys that may be meant ---------------------------------------------------------------- */

gboolean ds_is_key(const StetDataset *dataset, const char *const *names)
{
	KeySet set = {0};
	gboolean is = key_open(&set.key, dataset, names) && dataset->rows > 0 && set_open(&set, dataset->rows);
	for (guint p = 0; is && p < dataset->n_pieces; p++)
		for (gsize row = 0; is && row < dataset->piece_rows[p]; row++) {
			Spot at = {p, row};
			guint64 hash = key_hash(&set.key, at);
			Slot *slot = set_find(&set, &set.key, at, hash);
			is = !slot->used && !key_missing(&set.key, at);
			*slot = (Slot){hash, at, TRUE};
		}
	g_free(set.slots);
	key_close(&set.key);
	return is;
}

gboolean ds_is_within(const StetDataset *dataset, const char *name, const StetDataset *other, const char *key)
{
	const char *mine[] = {name, NULL}, *theirs[] = {key, NULL};
	KeySet set = {0};
	Key own = {0};
	gboolean within = key_open(&set.key, other, theirs) && key_open(&own, dataset, mine) &&
					  is_text(own.columns[0]) == is_text(set.key.columns[0]) &&
					  (is_text(own.columns[0]) || own.columns[0]->kind == set.key.columns[0]->kind) &&
					  set_open(&set, other->rows);
	if (within)
		fill(&set);
	for (guint p = 0; within && p < dataset->n_pieces; p++)
		for (gsize row = 0; within && row < dataset->piece_rows[p]; row++) {
			Spot at = {p, row};
			within = key_missing(&own, at) || set_find(&set, &own, at, key_hash(&own, at))->used;
		}
	g_free(set.slots);
	key_close(&set.key);
	key_close(&own);
	return within;
}
