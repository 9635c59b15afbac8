/*
 * bench_ledger.c -- the ledger measured: one round.  scripts/bench-ledger.sh
 * runs it and makes the table.
 *
 *	bench_ledger [ITEMS [SECONDS]]      the whole round
 *	bench_ledger verify CONNINFO VKEY   log verify in a process of its own
 *
 * Lines on standard output: NAME NUMBER...
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/resource.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/proc.h"
#include "cases/logverify.h"
#include "intake/thread.h"
#include "tests/cases/biglog.h"

enum {
	WRITERS_MAX = 48,
	SEQUENCED = 20000, /* entries that wait before the sequencer starts */
	CHUNK = 2000	   /* items signed at once while a log grows */
};

static struct biglog big;
static size_t items = 2000;
static int seconds = 10;

/* Processor's microseconds of this process. */
static int64_t
own_cpu(void)
{
	struct rusage u;

	(void)getrusage(RUSAGE_SELF, &u);
	return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * EX_SECOND +
	       u.ru_utime.tv_usec + u.ru_stime.tv_usec;
}

/* What ps says of a process, with its children that ended or with all. */
static int64_t
cpu_of(pid_t pid)
{
	struct ex_buf text = EX_BUF_INIT;
	unsigned long t[4] = { 0 };
	char path[64];
	const char *p;

	(void)snprintf(path, sizeof(path), "/proc/%ld/stat", (long)pid);
	if (ex_file_read(&text, path, 4096, NULL) == 0 &&
	    (p = strrchr(ex_buf_text(&text), ')')) != NULL)
		(void)sscanf(p,
		    ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu "
		    "%lu %lu",
		    &t[0], &t[1], &t[2], &t[3]);
	ex_buf_free(&text);
	return (int64_t)(t[0] + t[1] + t[2] + t[3]) * EX_SECOND /
	       sysconf(_SC_CLK_TCK);
}

/* The server's processes: those there are, and those that have ended. */
static int64_t
server_cpu(void)
{
	struct ex_buf text = EX_BUF_INIT;
	char path[256], *next;
	int64_t sum;
	long root, pid;

	(void)snprintf(
	    path, sizeof(path), "%s/pg/postmaster.pid", big.bench.dir);
	MUST(ex_file_read(&text, path, 4096, err));
	root = strtol(ex_buf_text(&text), NULL, 10);
	sum = cpu_of((pid_t)root);
	ex_buf_cut(&text, 0);
	(void)snprintf(
	    path, sizeof(path), "/proc/%ld/task/%ld/children", root, root);
	MUST(ex_file_read(&text, path, 65536, err));
	MUST(ex_buf_add_byte(&text, '\0', err));
	next = (char *)text.data;
	while ((pid = strtol(next, &next, 10)) > 0)
		sum += cpu_of((pid_t)pid);
	ex_buf_free(&text);
	return sum;
}

static int64_t
flushes(void)
{
	return strtoll(
	    bench_value(&big.bench, "SELECT wal_sync FROM pg_stat_wal"), NULL,
	    10);
}

static void
free_entries(struct biglog_entry *e, size_t n)
{
	for (size_t i = 0; i < n; i++)
		biglog_entry_free(&e[i]);
	free(e);
}

/* One that appends its own items' chains, an entry a transaction. */
struct writer {
	pthread_t thread;
	struct ex_conn *conn;
	struct biglog_entry *e; /* all; its own are first, first + step ... */
	size_t first, step, n;
	size_t done;
	int64_t until;
};

static void *
write_items(void *arg)
{
	struct writer *w = arg;

	for (size_t k = w->first; k < w->n; k += w->step)
		for (size_t i = 0; i < BIGLOG_CHAIN; i++) {
			if (ex_ticks() > w->until)
				return NULL;
			MUST(biglog_append(
			    w->conn, &w->e[k * BIGLOG_CHAIN + i], err));
			w->done++;
		}
	return NULL;
}

static void
bench_append(unsigned writers)
{
	size_t n = (size_t)seconds * 700, done = 0;
	struct biglog_entry *e = biglog_sign(&big, n);
	struct writer w[WRITERS_MAX];
	int64_t began, wall, cpu, server, sequencer, sync;

	for (unsigned i = 0; i < writers; i++)
		w[i] = (struct writer){ .conn = bench_conn(
					    &big.bench, "person_" BENCH_ALMA),
			.e = e,
			.first = i,
			.step = writers,
			.n = n };
	sync = flushes();
	server = server_cpu();
	sequencer = cpu_of(big.sequencer);
	cpu = own_cpu();
	began = ex_ticks();
	for (unsigned i = 0; i < writers; i++) {
		w[i].until = began + seconds * EX_SECOND;
		MUST(ex_thread_start(&w[i].thread, write_items, &w[i], err));
	}
	for (unsigned i = 0; i < writers; i++) {
		assert_int_equal(pthread_join(w[i].thread, NULL), 0);
		done += w[i].done;
	}
	wall = ex_ticks() - began;
	cpu = own_cpu() - cpu;
	for (unsigned i = 0; i < writers; i++)
		ex_conn_close(w[i].conn);
	big.entries += done;
	biglog_settle(&big);
	began = ex_ticks() - began;
	server = server_cpu() - server;
	sequencer = cpu_of(big.sequencer) - sequencer;
	ex_sleep(EX_SECOND);
	sync = flushes() - sync;
	printf("append %u %.1f settled %.1f client %.1f server %.1f sequencer "
	       "%.1f flush %.2f\n",
	    writers, (double)done * 1e6 / (double)wall,
	    (double)done * 1e6 / (double)began, (double)cpu / (double)done,
	    (double)server / (double)done, (double)sequencer / (double)done,
	    (double)done / (double)sync);
	(void)fflush(stdout);
	free_entries(e, n * BIGLOG_CHAIN);
}

/* What pgbench says of one-row inserts, a transaction each. */
static void
bench_pgbench(unsigned writers)
{
	char count[16], time[16], path[EX_PATH], script[256];
	const char *const argv[] = { "pgbench", "-n", "-M", "prepared", "-f",
		script, "-c", count, "-j", "2", "-T", time, "-d", "-U",
		EX_CLUSTER_ROOT, bench_info(&big.bench, EX_CLUSTER_ROOT),
		NULL };
	const char *plain[16];
	struct ex_proc p = EX_PROC_INIT;
	struct ex_buf out = EX_BUF_INIT;
	int64_t sync = flushes(), server = server_cpu();
	const char *tps, *total;
	double n;
	int status;
	size_t k = 0;

	for (size_t i = 0; argv[i] != NULL; i++)
		if (strcmp(argv[i], "-d") != 0 && strcmp(argv[i], "-U") != 0 &&
		    strcmp(argv[i], EX_CLUSTER_ROOT) != 0)
			plain[k++] = argv[i];
	plain[k] = NULL;
	(void)snprintf(script, sizeof(script), "%s/insert.sql", big.dir);
	MUST(ex_file_write(
	    script, "INSERT INTO plain (t) VALUES ('x');\n", 36, 0644, err));
	(void)snprintf(count, sizeof(count), "%u", writers);
	(void)snprintf(time, sizeof(time), "%d", seconds);
	MUST(ex_path_join(
	    path, sizeof(path), big.bench.cluster.bin, "pgbench", err));
	p.path = path;
	p.argv = plain;
	MUST(ex_proc_run(&p, &out, 1 << 20, 600 * EX_SECOND, &status, err));
	assert_int_equal(status, 0);
	tps = strstr(ex_buf_text(&out), "tps = ");
	total = strstr(ex_buf_text(&out), "actually processed: ");
	assert_non_null(tps);
	assert_non_null(total);
	n = strtod(total + strlen("actually processed: "), NULL);
	ex_sleep(EX_SECOND);
	sync = flushes() - sync;
	server = server_cpu() - server;
	printf("pgbench %u %.1f server %.1f flush %.2f\n", writers,
	    strtod(tps + strlen("tps = "), NULL), (double)server / n,
	    n / (double)sync);
	(void)fflush(stdout);
	ex_buf_free(&out);
}

/* A log grows by n items, as fast as it can: signing, then sequencing. */
static void
bench_sequence(size_t n)
{
	int64_t began, wall, cpu, server;
	struct biglog_entry *e;
	size_t count = n * BIGLOG_CHAIN;

	cpu = own_cpu();
	e = biglog_sign(&big, n);
	printf("sign %zu cpu %.1f\n", count,
	    (double)(own_cpu() - cpu) / (double)count);
	biglog_stop(&big);
	biglog_append_all(&big, e, count);
	free_entries(e, count);
	/* Starting is replaying: what waits is sequenced behind it. */
	server = server_cpu();
	began = ex_ticks();
	biglog_start(&big);
	biglog_ready(&big);
	printf("replay %" PRIu64 " %.1f\n", big.house.seen.size,
	    (double)big.house.seen.size * 1e6 / (double)(ex_ticks() - began));
	server = server_cpu();
	cpu = cpu_of(big.sequencer);
	began = ex_ticks();
	biglog_settle(&big);
	wall = ex_ticks() - began;
	cpu = cpu_of(big.sequencer) - cpu;
	server = server_cpu() - server;
	printf("sequence %zu %.1f sequencer %.1f server %.1f\n", count,
	    (double)count * 1e6 / (double)wall, (double)cpu / (double)count,
	    (double)server / (double)count);
	(void)fflush(stdout);
}

static void
bench_verify(const char *self)
{
	char vkey[EX_VKEY_TEXT];
	const char *const argv[] = { "bench_ledger", "verify",
		bench_info(&big.bench, EX_ROLE_SERVICE), vkey, NULL };
	struct ex_proc p = EX_PROC_INIT;
	struct ex_buf out = EX_BUF_INIT;
	int64_t server = server_cpu();
	int status;

	MUST(ex_vkey_text(vkey, &big.house.vkey, err));
	p.path = self;
	p.argv = argv;
	MUST(ex_proc_run(&p, &out, 1 << 20, 3600 * EX_SECOND, &status, err));
	printf("%sverify-server %.1f\n", ex_buf_text(&out),
	    (double)(server_cpu() - server) / (double)big.house.seen.size);
	assert_int_equal(status, 0);
	ex_buf_free(&out);
}

/* In a process of its own, whose memory is that of the check alone. */
static int
verify(const char *conninfo, const char *vkey)
{
	struct ex_err err = EX_ERR_INIT;
	struct ex_log_report r = { 0 };
	struct ex_conn *conn = NULL;
	struct ex_vkey log;
	struct ex_log_verify v = { .log = &log };
	int64_t began = ex_ticks(), wall;
	struct rusage u;

	if (ex_vkey_read(&log, vkey, &err) == -1 ||
	    ex_conn_open(&conn, conninfo, &err) == -1 ||
	    ex_log_verify(&r, conn, &v, &err) == -1) {
		fprintf(stderr, "verify: %s\n", err.text);
		return 2;
	}
	wall = ex_ticks() - began;
	(void)getrusage(RUSAGE_SELF, &u);
	printf("verify %" PRIu64 " %.1f cpu %.1f MiB %.1f faults %zu facts "
	       "%" PRIu64 "\n",
	    r.entries, (double)r.entries * 1e6 / (double)wall,
	    (double)own_cpu() / (double)r.entries, (double)u.ru_maxrss / 1024.0,
	    r.faults, r.facts);
	ex_conn_close(conn);
	return r.faults == 0 ? 0 : 1;
}

static char self[EX_PATH];

static void
a_round(void **state)
{
	static const unsigned writers[] = { 1, 16, 48 };

	(void)state;
	biglog_open(&big);
	bench_sql(&big.bench,
	    "CREATE TABLE plain (id bigserial PRIMARY KEY, t text)");
	biglog_start(&big);
	for (size_t i = 0;
	     seconds > 0 && i < sizeof(writers) / sizeof(writers[0]); i++) {
		bench_pgbench(writers[i]);
		bench_append(writers[i]);
	}
	for (size_t done = 0; done < items; done += CHUNK)
		bench_sequence(items - done < CHUNK ? items - done : CHUNK);
	bench_verify(self);
	biglog_close(&big);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_round),
	};

	if (argc == 4 && strcmp(argv[1], "verify") == 0)
		return verify(argv[2], argv[3]);
	if (argc > 1)
		items = (size_t)strtoul(argv[1], NULL, 10);
	if (argc > 2)
		seconds = (int)strtol(argv[2], NULL, 10);
	if (readlink("/proc/self/exe", self, sizeof(self) - 1) == -1)
		return 2;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
