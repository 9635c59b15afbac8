/*
 * reader_files.h -- digests of an image's files, made by the parent while
 * exhibit-reader reads the media out of the same descriptors.
 */
#ifndef INTAKE_READER_FILES_H
#define INTAKE_READER_FILES_H

#include <stddef.h>

#include "intake/reader.h"

struct ex_reader_files;

/*
 * Start a thread that fills file[0..n) of those whose descriptors are open;
 * file and the descriptors must stay until ex_reader_files_end().
 */
int ex_reader_files_start(struct ex_reader_files **out,
    struct ex_reading_file *file, size_t n, struct ex_err *err);

/* Wait for it; stop: 1 when nobody wants them any more.  NULL is ignored. */
void ex_reader_files_end(struct ex_reader_files *f, int stop);

#endif
