/*
 * vouchers.c -- a witness, its web server and a clock, started for a test.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/codec.h"
#include "base/file.h"
#include "base/proc.h"
#include "signing/cert.h"
#include "tests/daemons/vouchers.h"

#define MUST(call)                                                \
	do {                                                      \
		struct ex_err must_err = EX_ERR_INIT;             \
		struct ex_err *err = &must_err;                   \
		if ((call) == -1)                                 \
			fail_msg("%s: %s", #call, must_err.text); \
	} while (0)

#define PATIENCE (30 * EX_SECOND)
#define PAUSE	 (EX_SECOND / 50)

const char *
vouchers_path(const struct vouchers *v, const char *name)
{
	static char path[4][256];
	static size_t at;

	at = (at + 1) % 4;
	(void)snprintf(path[at], sizeof(path[at]), "%s/%s", v->dir, name);
	return path[at];
}

static pid_t
start(const char *const *argv, const char *program)
{
	struct ex_proc p = EX_PROC_INIT;
	pid_t pid = 0;

	p.path = program;
	p.argv = argv;
	p.own_group = 1;
	MUST(ex_proc_start(&pid, &p, err));
	return pid;
}

/* Run to its end; what it prints goes to out. */
static void
run(const char *const *argv, const char *program, struct ex_buf *out)
{
	struct ex_proc p = EX_PROC_INIT;
	int status = -1;

	p.path = program;
	p.argv = argv;
	MUST(ex_proc_run(&p, out, 1 << 16, PATIENCE, &status, err));
	assert_int_equal(status, 0);
}

static const char *
program(const char *name)
{
	static char path[EX_PATH];
	const char *build = getenv("EXHIBIT_BUILD");

	assert_non_null(build);
	(void)snprintf(path, sizeof(path), "%s/bin/%s", build, name);
	return path;
}

static void
make_witness(struct vouchers *v, const struct ex_vkey *log)
{
	const char *dir = vouchers_path(v, "w");
	const char *make[] = { "exhibit-witness", dir, "make",
		"witness.example/w1", NULL };
	const char *follow[] = { "exhibit-witness", dir, "follow", NULL, NULL };
	struct ex_buf vkey = EX_BUF_INIT;
	char text[EX_VKEY_TEXT];

	run(make, program("exhibit-witness"), &vkey);
	ex_buf_cut(&vkey, vkey.len - 1);
	MUST(ex_vkey_read(&v->key, ex_buf_text(&vkey), err));
	MUST(ex_vkey_text(text, log, err));
	follow[3] = text;
	run(follow, program("exhibit-witness"), NULL);
	ex_buf_free(&vkey);
}

static void
wait_for(const char *path)
{
	int64_t until = ex_ticks() + PATIENCE;

	while (!ex_file_exists(path)) {
		assert_true(ex_ticks() < until);
		ex_sleep(PAUSE);
	}
}

static void
start_clock(struct vouchers *v)
{
	const char *dir = vouchers_path(v, "tsa");
	const char *const make[] = { "python3", "scripts/tsa.py", dir, "make",
		NULL };
	const char *const serve[] = { "python3", "scripts/tsa.py", dir, "serve",
		NULL };
	struct ex_buf url = EX_BUF_INIT;
	struct ex_roots *roots = NULL;

	run(make, "python3", NULL);
	v->clock = start(serve, "python3");
	wait_for(vouchers_path(v, "tsa/url"));
	MUST(ex_file_read(
	    &url, vouchers_path(v, "tsa/url"), sizeof(v->tsa_url), err));
	(void)snprintf(v->tsa_url, sizeof(v->tsa_url), "%.*s",
	    (int)strcspn(ex_buf_text(&url), "\n"), ex_buf_text(&url));
	MUST(ex_roots_load(&roots, vouchers_path(v, "tsa/root.pem"), err));
	memcpy(v->root, ex_roots_sha256(roots, 0), EX_SHA256_LEN);
	ex_roots_free(roots);
	ex_buf_free(&url);
}

/* A port that nobody has at the moment. */
static int
free_port(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	socklen_t n = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_true(fd != -1);
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &n), 0);
	(void)close(fd);
	return ntohs(a.sin_port);
}

void
vouchers_open(struct vouchers *v, const struct ex_vkey *log)
{
	memset(v, 0, sizeof(*v));
	(void)snprintf(v->dir, sizeof(v->dir), "/tmp/exvouch.XXXXXX");
	assert_non_null(mkdtemp(v->dir));
	v->port = free_port();
	make_witness(v, log);
	start_clock(v);
}

void
vouchers_close(struct vouchers *v)
{
	vouchers_stop(v);
	if (v->clock > 0)
		ex_proc_stop(v->clock, PATIENCE);
	MUST(ex_remove_tree(v->dir, err));
}

/* One process, as whoever runs the test; everything below the folder. */
static void
write_config(const struct vouchers *v)
{
	struct ex_buf c = EX_BUF_INIT;
	const char *d = v->dir;

	MUST(ex_buf_addf(&c, err,
	    "daemon off;\nmaster_process off;\npid %s/web.pid;\n"
	    "error_log %s/web.log;\nevents { worker_connections 64; }\n"
	    "http {\n access_log off;\n"
	    " client_body_temp_path %s/b;\n proxy_temp_path %s/p;\n"
	    " fastcgi_temp_path %s/f;\n uwsgi_temp_path %s/u;\n"
	    " scgi_temp_path %s/s;\n"
	    " server {\n  listen 127.0.0.1:%d;\n  location / {\n"
	    "   scgi_param SCGI 1;\n"
	    "   scgi_param REQUEST_METHOD $request_method;\n"
	    "   scgi_param REQUEST_URI $request_uri;\n"
	    "   scgi_pass unix:%s/w/socket;\n  }\n }\n}\n",
	    d, d, d, d, d, d, d, v->port, d));
	MUST(ex_file_write(
	    vouchers_path(v, "web.conf"), c.data, c.len, 0600, err));
	ex_buf_free(&c);
}

/* Somebody listens at the port. */
static int
answers(int port)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), rc;

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	a.sin_port = htons((uint16_t)port);
	rc = connect(fd, (struct sockaddr *)&a, sizeof(a));
	(void)close(fd);
	return rc == 0;
}

void
vouchers_start(struct vouchers *v)
{
	const char *serve[] = { "exhibit-witness", vouchers_path(v, "w"),
		"serve", NULL };
	const char *web[] = { "nginx", "-p", v->dir, "-e",
		vouchers_path(v, "web.log"), "-c", vouchers_path(v, "web.conf"),
		NULL };
	int64_t until = ex_ticks() + PATIENCE;

	write_config(v);
	v->witness = start(serve, program("exhibit-witness"));
	wait_for(vouchers_path(v, "w/socket"));
	v->web = start(web,
	    access("/usr/sbin/nginx", X_OK) == 0 ? "/usr/sbin/nginx" : "nginx");
	while (!answers(v->port)) {
		assert_true(ex_ticks() < until);
		ex_sleep(PAUSE);
	}
}

void
vouchers_stop(struct vouchers *v)
{
	if (v->web > 0)
		ex_proc_stop(v->web, PATIENCE);
	if (v->witness > 0)
		ex_proc_stop(v->witness, PATIENCE);
	v->web = v->witness = 0;
}

static struct ex_json *
one(const char *name, const char *org, const char *url)
{
	struct ex_json *v = ex_json_object();

	MUST(ex_json_set_text(v, "name", name, err));
	MUST(ex_json_set_text(v, "org", org, err));
	MUST(ex_json_set_text(v, "url", url, err));
	return v;
}

static void
add(struct ex_json *policy, const char *list, struct ex_json *v)
{
	struct ex_json *array = ex_json_array();

	MUST(ex_json_add(array, v, err));
	MUST(ex_json_set(policy, list, array, err));
}

struct ex_json *
vouchers_policy(const struct vouchers *v)
{
	struct ex_json *policy = ex_json_object(), *w, *a;
	char url[64], vkey[EX_VKEY_TEXT];

	(void)snprintf(url, sizeof(url), "http://127.0.0.1:%d", v->port);
	w = one("w1", VOUCHER_ORG, url);
	MUST(ex_vkey_text(vkey, &v->key, err));
	MUST(ex_json_set_text(w, "vkey", vkey, err));
	add(policy, "witnesses", w);
	a = one("clock", "EXAMPLE-TIME", v->tsa_url);
	MUST(ex_json_set_hex(a, "root_sha256", v->root, EX_SHA256_LEN, err));
	add(policy, "authorities", a);
	MUST(ex_json_set_text(policy, "quorum", "any", err));
	MUST(ex_json_set_int(policy, "registrars", 1, err));
	MUST(ex_json_set_int(policy, "validation_required", 0, err));
	MUST(ex_json_set_int(policy, "witness_seal_break", 0, err));
	MUST(ex_json_set(policy, "unsealed", ex_json_array(), err));
	return policy;
}
