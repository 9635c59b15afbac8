/*
 * pin.c -- where the PIN of a key comes from.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/desk.h"

enum {
	PIN_MAX = 256, /* bytes of a PIN */
	TRIES = 3      /* wrong ones at a terminal */
};

/* Append the first line of text, without its end. */
static int
add_first_line(struct ex_buf *pin, const char *text, size_t n,
    const char *where, struct ex_err *err)
{
	size_t len = 0;

	while (len < n && text[len] != '\n' && text[len] != '\r')
		len++;
	if (len == 0)
		return ex_fail(err, EX_PIN, "%s holds no PIN", where);
	if (len > PIN_MAX)
		return ex_fail(err, EX_PIN, "%s: a PIN has at most %d bytes",
		    where, PIN_MAX);
	return ex_buf_add(pin, text, len, err) == -1 ? -1 : 1;
}

/* --pin-file KEY=FILE */
static int
from_file(const struct cli *cli, const char *key, struct ex_buf *pin,
    struct ex_err *err)
{
	const size_t n = strlen(key);
	const char *given;

	for (size_t i = 0; (given = cli_option_at(cli, "pin-file", i)) != NULL;
	     i++) {
		struct ex_buf text = EX_BUF_INIT;
		int rc;

		if (strchr(given, '=') == NULL)
			return ex_fail(err, EX_USAGE,
			    "--pin-file is KEY=FILE, not \"%s\"", given);
		if (strncmp(given, key, n) != 0 || given[n] != '=')
			continue;
		rc = ex_file_read(&text, &given[n + 1], 4096, err);
		if (rc == 0)
			rc = add_first_line(pin, ex_buf_text(&text), text.len,
			    &given[n + 1], err);
		ex_buf_wipe(&text);
		return rc;
	}
	return 0;
}

/* EXHIBIT_PIN_<KEY>, then EXHIBIT_PIN; one that is set and empty is none. */
static int
from_environment(
    const char *key, struct ex_buf *pin, int *empty, struct ex_err *err)
{
	char own[128] = "EXHIBIT_PIN_";
	const size_t head = strlen(own);
	const char *name = own;
	const char *value;
	size_t i = 0;

	for (; key[i] != '\0' && head + i + 1 < sizeof(own); i++)
		own[head + i] = (char)(isalnum((unsigned char)key[i])
					   ? toupper((unsigned char)key[i])
					   : '_');
	own[head + i] = '\0';
	if ((value = getenv(name)) == NULL)
		value = getenv(name = "EXHIBIT_PIN");
	*empty = value != NULL && value[0] == '\0';
	if (value == NULL || *empty)
		return 0;
	return add_first_line(pin, value, strlen(value), name, err);
}

/* Append one line from the terminal, not echoed and without its end. */
static int
read_hidden(int tty, struct ex_buf *line, struct ex_err *err)
{
	struct termios was, hidden;
	char c = '\n';
	ssize_t n = 0;
	int rc = 0;

	if (tcgetattr(tty, &was) == -1)
		return ex_fail_errno(err, "terminal");
	hidden = was;
	hidden.c_lflag &= ~(tcflag_t)ECHO;
	if (tcsetattr(tty, TCSAFLUSH, &hidden) == -1)
		return ex_fail_errno(err, "terminal");
	while (rc == 0 && line->len <= PIN_MAX) {
		n = read(tty, &c, 1);
		if (n == -1 && errno == EINTR)
			continue;
		if (n != 1 || c == '\n')
			break;
		rc = ex_buf_add_byte(line, (uint8_t)c, err);
	}
	(void)tcsetattr(tty, TCSAFLUSH, &was);
	(void)dprintf(tty, "\n");
	c = '\0';
	if (n != 1 && line->len == 0)
		return ex_fail(err, EX_PIN, "no PIN was typed");
	if (line->len > PIN_MAX)
		return ex_fail(
		    err, EX_PIN, "a PIN has at most %d bytes", PIN_MAX);
	return rc;
}

/* Ask at an open terminal; twice for a key that is being made. */
static int
ask(int tty, const struct cli *cli, const char *key, int is_new,
    struct ex_buf *pin, struct ex_err *err)
{
	struct ex_buf again = EX_BUF_INIT;
	const size_t before = pin->len;
	int rc = -1;

	(void)dprintf(tty, "%s: %s%s: ", key, is_new ? "new PIN" : "PIN",
	    is_new ? cli_say(cli, " (empty: none)", "（留白：不設）") : "");
	if (read_hidden(tty, pin, err) == -1)
		return ex_while(err, key);
	if (pin->len == before)
		return 0;
	if (!is_new)
		return 1;
	(void)dprintf(
	    tty, "%s: %s: ", key, cli_say(cli, "once more", "再輸入一次"));
	if (read_hidden(tty, &again, err) == -1)
		(void)ex_while(err, key);
	else if (again.len != pin->len - before ||
		 memcmp(again.data, &pin->data[before], again.len) != 0)
		(void)ex_fail(err, EX_PIN, "%s: two different PINs", key);
	else
		rc = 1;
	ex_buf_wipe(&again);
	return rc;
}

/* 0 when there is no terminal to ask at. */
static int
from_terminal(const struct cli *cli, const char *key, int why,
    struct ex_buf *pin, struct ex_err *err)
{
	int tty, rc;

	if (cli->json)
		return 0;
	tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (tty == -1)
		return 0;
	rc = ask(tty, cli, key, why == EX_PIN_NEW, pin, err);
	(void)close(tty);
	return rc;
}

static int
get(void *arg, const char *key, int why, struct ex_buf *pin, struct ex_err *err)
{
	static int tries;
	const struct cli *cli = arg;
	int wrong = why == EX_PIN_WRONG;
	int empty = 0;
	int rc = 0;

	/* What stands in a file or the environment stays wrong. */
	if ((rc = from_file(cli, key, pin, err)) == 0)
		rc = from_environment(key, pin, &empty, err);
	if (rc == 1 && wrong) {
		ex_buf_wipe(pin);
		return ex_fail(
		    err, EX_PIN, "%s: wrong PIN; the key was not used", key);
	}
	if (rc != 0 || empty)
		return rc;
	tries = wrong ? tries + 1 : 0;
	if (tries < TRIES)
		return from_terminal(cli, key, why, pin, err);
	return ex_fail(err, EX_PIN,
	    "%s: wrong PIN, %d times; the key was not used", key, TRIES);
}

struct ex_pins
cli_pins(struct cli *cli)
{
	struct ex_pins pins = { get, cli };

	return pins;
}
