#include "stet/base.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#define PIECE (1u << 20)

struct StetHasher {
	EVP_MD_CTX *context;
};

/* Looked up once: libcrypto 3 searches its providers each time it is asked by name. */
static const EVP_MD *sha256(void)
{
	static gsize found;
	static EVP_MD *method;
	if (g_once_init_enter(&found)) {
		method = EVP_MD_fetch(NULL, "SHA2-256", NULL);
		g_once_init_leave(&found, 1);
	}
	return method;
}

StetHasher *stet_hasher_new(void)
{
	StetHasher *hasher = g_new(StetHasher, 1);
	hasher->context = EVP_MD_CTX_new();
	if (!hasher->context || EVP_DigestInit_ex(hasher->context, sha256(), NULL) != 1)
		g_error("SHA-256 is not available from libcrypto");
	return hasher;
}

void stet_hasher_add(StetHasher *hasher, const void *data, gsize length)
{
	EVP_DigestUpdate(hasher->context, data, length);
}

StetHash stet_hasher_end(StetHasher *hasher)
{
	static const char hex[] = "0123456789abcdef";
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int length = 0;
	StetHash hash = {{0}};
	EVP_DigestFinal_ex(hasher->context, digest, &length);
	for (guint i = 0; i < length && i < STET_HASH_LEN / 2; i++) {
		hash.hex[2 * i] = hex[digest[i] >> 4];
		hash.hex[2 * i + 1] = hex[digest[i] & 15];
	}
	EVP_MD_CTX_free(hasher->context);
	g_free(hasher);
	return hash;
}

StetHash stet_hash(const void *data, gsize length)
{
	StetHasher *hasher = stet_hasher_new();
	stet_hasher_add(hasher, data, length);
	return stet_hasher_end(hasher);
}

gboolean stet_hash_file(const char *path, StetHash *hash, guint64 *bytes, GError **error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		int code = errno;
		g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(code), "cannot read '%s': %s", path,
		            g_strerror(code));
		return FALSE;
	}
	g_autofree char *piece = g_malloc(PIECE);
	StetHasher *hasher = stet_hasher_new();
	guint64 total = 0;
	gssize n;
	while ((n = read(fd, piece, PIECE)) > 0 || (n < 0 && errno == EINTR)) {
		if (n < 0)
			continue;
		stet_hasher_add(hasher, piece, (gsize)n);
		total += (guint64)n;
	}
	int code = errno;
	close(fd);
	*hash = stet_hasher_end(hasher);
	if (bytes)
		*bytes = total;
	if (n == 0)
		return TRUE;
	g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(code), "cannot read '%s': %s", path, g_strerror(code));
	return FALSE;
}
