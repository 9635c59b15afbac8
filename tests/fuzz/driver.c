/*
 * driver.c -- run a fuzz target over the files of a folder, for ctest.
 *
 * Each file goes in whole, then cut short at a few places: cheap, and most
 * readers of too much are found so.  An empty folder is a failure.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
	FILE_MAX_BYTES = 16 * 1024 * 1024,
	CUTS = 64 /* shorter runs of each file */
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* Run on a copy of exactly n bytes, so that a sanitizer sees its end. */
static int
run(const uint8_t *data, size_t n)
{
	uint8_t *copy = malloc(n == 0 ? 1 : n);

	if (copy == NULL)
		return -1;
	if (n > 0)
		memcpy(copy, data, n);
	(void)LLVMFuzzerTestOneInput(copy, n);
	free(copy);
	return 0;
}

static int
run_file(const char *path, size_t size)
{
	uint8_t *data = malloc(size == 0 ? 1 : size);
	FILE *f = fopen(path, "rb");
	int rc = -1;

	if (data != NULL && f != NULL && fread(data, 1, size, f) == size)
		rc = run(data, size);
	for (size_t i = 0; rc == 0 && i < CUTS; i++)
		rc = run(data, size * i / CUTS);
	if (rc == -1)
		(void)fprintf(stderr, "%s: cannot run\n", path);
	if (f != NULL)
		(void)fclose(f);
	free(data);
	return rc;
}

/* The number of files run, or -1. */
static int
run_folder(const char *folder)
{
	struct dirent *entry;
	struct stat st;
	char path[4096];
	int files = 0;
	DIR *dir;

	if ((dir = opendir(folder)) == NULL) {
		perror(folder);
		return -1;
	}
	while (files != -1 && (entry = readdir(dir)) != NULL) {
		int n = snprintf(
		    path, sizeof(path), "%s/%s", folder, entry->d_name);

		if (n < 0 || (size_t)n >= sizeof(path) ||
		    stat(path, &st) == -1 || !S_ISREG(st.st_mode) ||
		    st.st_size > FILE_MAX_BYTES)
			continue;
		files =
		    run_file(path, (size_t)st.st_size) == -1 ? -1 : files + 1;
	}
	(void)closedir(dir);
	return files;
}

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		int files = run_folder(argv[i]);

		if (files <= 0) {
			(void)fprintf(stderr, "%s: no file run\n", argv[i]);
			return 1;
		}
		(void)printf("%s: %d files\n", argv[i], files);
	}
	return argc > 1 ? 0 : 1;
}
