/*
 * thread.h -- threads that leave signals to the one that started them, and
 * how many files a process may have open.
 */
#ifndef INTAKE_THREAD_H
#define INTAKE_THREAD_H

#include <pthread.h>
#include <signal.h>
#include <stddef.h>

#include "base/err.h"

/* Start fn(arg) with every signal blocked. */
int ex_thread_start(
    pthread_t *out, void *(*fn)(void *), void *arg, struct ex_err *err);

/*
 * A write beyond the largest file allowed is an error and not the end of this
 * process: from hold to release in the calling thread, in others always.
 */
void ex_thread_hold_xfsz(sigset_t *before);
void ex_thread_release_xfsz(const sigset_t *before);

/* asked, or one a processor this process may use when it is 0; 1 to 64. */
unsigned ex_thread_count(unsigned asked);

/*
 * Let this process have n files open beside some that it has already.
 * EX_LIMIT when it may not.
 */
int ex_descriptors_need(size_t n, struct ex_err *err);

#endif
