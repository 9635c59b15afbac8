/*
 * checked.h -- images of scripted drives, compared sector by sector.
 */
#ifndef TESTS_INTAKE_CHECKED_H
#define TESTS_INTAKE_CHECKED_H

#include "drive.h"
#include "intake/imaging.h"

/* Image d into dir, or where the job says; fails the test if it cannot. */
void image_to(struct ex_imaging_outcome *out, struct ex_imaging *job,
    struct drive *d, const char *dir);

/* The raw image holds each sector of the drive, and zeroes for bad ones. */
void check_sectors(const struct drive *d, const char *path, uint64_t sectors);

/* The list names exactly the bad sectors of the drive. */
void check_list(const struct drive *d, const struct ex_ranges *bad);

#endif
