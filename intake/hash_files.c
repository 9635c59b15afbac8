/*
 * hash_files.c -- many files, several at a time.
 *
 * The caller's thread walks and tells; workers read.  A ring of slots keeps
 * the order: the walk puts a name into the next free slot, a worker takes the
 * first that waits, and the oldest that is done is told.
 */
#define _GNU_SOURCE /* O_NOATIME */
#include "intake/hash_files.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "intake/thread.h"

enum {
	BLOCK = 1 << 20,
	SLOTS = 256,
	THREADS = 64
};

enum slot_state {
	SLOT_FREE,
	SLOT_WAITS,
	SLOT_TAKEN,
	SLOT_DONE
};

struct slot {
	enum slot_state state;
	char *path;
	struct ex_hashed out;
};

struct pool {
	const struct ex_hash_files *h;
	pthread_mutex_t lock;
	pthread_cond_t work, done;
	struct slot *slot; /* SLOTS of them */
	uint64_t put, taken, told;
	int ended; /* 1: nothing more will be put */
	pthread_t thread[THREADS];
	unsigned nthreads;
	/* The walk: what is still to be looked at, the next at the end. */
	char **todo;
	size_t n, cap;
	size_t next;	 /* of h->path */
	const char *dir; /* being listed */
};

static void
fail(struct ex_hashed *f, enum ex_hashed_result result, const char *why)
{
	f->result = result;
	(void)ex_fail(&f->why,
	    result == EX_HASHED_ABSENT ? EX_ABSENT : EX_SYSTEM, "%s: %s",
	    f->path, why);
}

static int
feed(struct ex_hashed *f, struct ex_digest *d, int fd, uint8_t *block)
{
	ssize_t n;

	while ((n = read(fd, block, BLOCK)) != 0) {
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1) {
			fail(f, EX_HASHED_FAILED, strerror(errno));
			return -1;
		}
		if (ex_digest_add(d, block, (size_t)n, &f->why) == -1) {
			f->result = EX_HASHED_FAILED;
			return -1;
		}
	}
	return 0;
}

static void
hash_fd(struct ex_hashed *f, int fd, unsigned algs, uint8_t *block)
{
	struct ex_digest *d = NULL;

	(void)posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	if (ex_digest_new_fast(&d, algs, &f->why) == -1 ||
	    (feed(f, d, fd, block) == 0 &&
		ex_digest_end(d, f->digest, &f->ndigests, &f->bytes, &f->why) ==
		    -1))
		f->result = EX_HASHED_FAILED;
	ex_digest_free(d);
}

/* One file, in a worker. */
static void
hash_one(struct slot *s, unsigned algs, uint8_t *block)
{
	const int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
	struct ex_hashed *f = &s->out;
	struct stat st;
	int fd = open(f->path, flags | O_NOATIME);

	if (fd == -1 && errno == EPERM)
		fd = open(f->path, flags);
	if (fd == -1) {
		fail(f,
		    errno == ENOENT || errno == ENOTDIR ? EX_HASHED_ABSENT
							: EX_HASHED_FAILED,
		    strerror(errno));
		return;
	}
	if (fstat(fd, &st) == -1)
		fail(f, EX_HASHED_FAILED, strerror(errno));
	else if (S_ISDIR(st.st_mode))
		fail(f, EX_HASHED_FAILED, "a folder; give -r");
	else if (!S_ISREG(st.st_mode) && !S_ISBLK(st.st_mode))
		fail(f, EX_HASHED_FAILED, "neither a file nor a disk");
	else
		hash_fd(f, fd, algs, block);
	(void)close(fd);
}

static void *
run_worker(void *arg)
{
	struct pool *p = arg;
	uint8_t *block = malloc(BLOCK);

	(void)pthread_mutex_lock(&p->lock);
	for (;;) {
		struct slot *s;

		while (p->taken == p->put && !p->ended)
			(void)pthread_cond_wait(&p->work, &p->lock);
		if (p->taken == p->put)
			break;
		s = &p->slot[p->taken++ % SLOTS];
		s->state = SLOT_TAKEN;
		(void)pthread_mutex_unlock(&p->lock);
		if (s->out.result != EX_HASHED_OK) {
			/* It was settled by the walk. */
		} else if (block == NULL) {
			fail(&s->out, EX_HASHED_FAILED, "out of memory");
		} else {
			hash_one(s, p->h->algs, block);
		}
		(void)pthread_mutex_lock(&p->lock);
		s->state = SLOT_DONE;
		(void)pthread_cond_signal(&p->done);
	}
	(void)pthread_mutex_unlock(&p->lock);
	free(block);
	return NULL;
}

/* Tell the oldest, waiting until it is done. */
static int
tell_one(struct pool *p, struct ex_err *err)
{
	struct slot *s = &p->slot[p->told % SLOTS];
	int rc;

	(void)pthread_mutex_lock(&p->lock);
	while (s->state != SLOT_DONE)
		(void)pthread_cond_wait(&p->done, &p->lock);
	(void)pthread_mutex_unlock(&p->lock);
	p->told++;
	rc = p->h->tell(p->h->arg, &s->out, err);
	free(s->path);
	s->path = NULL;
	s->state = SLOT_FREE;
	return rc;
}

/* Hand a name to the workers; takes it over.  result is what is settled. */
static int
put(struct pool *p, char *path, enum ex_hashed_result result, const char *why,
    struct ex_err *err)
{
	struct slot *s;

	if (p->put - p->told == SLOTS && tell_one(p, err) == -1) {
		free(path);
		return -1;
	}
	s = &p->slot[p->put % SLOTS];
	memset(&s->out, 0, sizeof(s->out));
	s->path = path;
	s->out.path = path;
	if (result != EX_HASHED_OK)
		fail(&s->out, result, why);
	(void)pthread_mutex_lock(&p->lock);
	s->state = SLOT_WAITS;
	p->put++;
	(void)pthread_cond_signal(&p->work);
	(void)pthread_mutex_unlock(&p->lock);
	return 0;
}

static int
remember(void *arg, const char *name, struct ex_err *err)
{
	struct pool *p = arg;
	size_t n = strlen(p->dir), room = n + strlen(name) + 2;
	const char *slash = n > 0 && p->dir[n - 1] == '/' ? "" : "/";

	if (p->n == p->cap) {
		size_t cap = p->cap == 0 ? 64 : p->cap * 2;
		char **more = realloc(p->todo, cap * sizeof(*more));

		if (more == NULL)
			return ex_fail(err, EX_SYSTEM, "out of memory");
		p->todo = more;
		p->cap = cap;
	}
	if ((p->todo[p->n] = malloc(room)) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	(void)snprintf(p->todo[p->n++], room, "%s%s%s", p->dir, slash, name);
	return 0;
}

/* What is in a folder comes next, the first name first. */
static int
enter(struct pool *p, char *path, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	size_t from = p->n;

	p->dir = path;
	if (ex_dir_each(path, remember, p, &why) == -1)
		return put(p, path, EX_HASHED_FAILED, why.text, err);
	for (size_t a = from, b = p->n; a + 1 < b; a++, b--) {
		char *swap = p->todo[a];

		p->todo[a] = p->todo[b - 1];
		p->todo[b - 1] = swap;
	}
	free(path);
	return 0;
}

/* A name found in a folder or, told 1, named by the caller; taken over. */
static int
walk(struct pool *p, char *path, int told, struct ex_err *err)
{
	struct stat st, to;

	/* What cannot be looked at, the worker tells. */
	if ((told ? stat(path, &st) : lstat(path, &st)) == -1)
		return put(p, path, EX_HASHED_OK, NULL, err);
	if (S_ISDIR(st.st_mode) && p->h->recursive)
		return enter(p, path, err);
	if (!told && S_ISLNK(st.st_mode) && stat(path, &to) == 0 &&
	    S_ISREG(to.st_mode))
		return put(p, path, EX_HASHED_OK, NULL, err);
	if (!told && !S_ISREG(st.st_mode))
		return put(p, path, EX_HASHED_LEFT_OUT,
		    S_ISLNK(st.st_mode) ? "a symbolic link to no file, left out"
					: "no file, left out",
		    err);
	return put(p, path, EX_HASHED_OK, NULL, err);
}

static int
walk_all(struct pool *p, struct ex_err *err)
{
	for (;;) {
		int told = p->n == 0;
		char *path;

		if (!told)
			path = p->todo[--p->n];
		else if (p->next == p->h->npaths)
			return 0;
		else if ((path = strdup(p->h->path[p->next++])) == NULL)
			return ex_fail(err, EX_SYSTEM, "out of memory");
		if (walk(p, path, told, err) == -1)
			return -1;
	}
}

static void
end(struct pool *p)
{
	(void)pthread_mutex_lock(&p->lock);
	p->ended = 1;
	(void)pthread_cond_broadcast(&p->work);
	(void)pthread_mutex_unlock(&p->lock);
	for (unsigned i = 0; i < p->nthreads; i++)
		(void)pthread_join(p->thread[i], NULL);
	for (size_t i = 0; p->slot != NULL && i < SLOTS; i++)
		free(p->slot[i].path);
	while (p->n > 0)
		free(p->todo[--p->n]);
	free(p->todo);
	free(p->slot);
	(void)pthread_cond_destroy(&p->work);
	(void)pthread_cond_destroy(&p->done);
	(void)pthread_mutex_destroy(&p->lock);
}

int
ex_hash_files(const struct ex_hash_files *h, struct ex_err *err)
{
	struct pool p = { .h = h };
	unsigned n = ex_thread_count(h->threads);
	int rc = 0;

	(void)pthread_mutex_init(&p.lock, NULL);
	(void)pthread_cond_init(&p.work, NULL);
	(void)pthread_cond_init(&p.done, NULL);
	if ((p.slot = calloc(SLOTS, sizeof(*p.slot))) == NULL)
		rc = ex_fail(err, EX_SYSTEM, "out of memory");
	while (rc == 0 && p.nthreads < n && p.nthreads < THREADS)
		if ((rc = ex_thread_start(
			 &p.thread[p.nthreads], run_worker, &p, err)) == 0)
			p.nthreads++;
	if (rc == 0)
		rc = walk_all(&p, err);
	while (rc == 0 && p.told < p.put)
		rc = tell_one(&p, err);
	end(&p);
	return rc;
}
