/*
 * kill_points.h -- places where a test kills the process that founds a house.
 *
 * Linked with --wrap for every function in KILL_POINTS: each call has a point
 * before and one behind it.
 */
#ifndef TESTS_CASES_KILL_POINTS_H
#define TESTS_CASES_KILL_POINTS_H

/* SIGKILL to this process at its nth point from now; 0: never. */
void kill_at(unsigned n);

#endif
