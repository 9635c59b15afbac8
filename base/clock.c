/*
 * clock.c -- time: UTC, microseconds since 1970, one written form.
 */
#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/text.h"

/* 9999-12-31T23:59:59.999999Z, the last that can be written. */
#define LAST INT64_C(253402300799999999)

static int64_t
read_clock(clockid_t id)
{
	struct timespec ts;

	if (clock_gettime(id, &ts) == -1)
		return 0;
	return (int64_t)ts.tv_sec * EX_SECOND + ts.tv_nsec / 1000;
}

int64_t
ex_now(void)
{
	return read_clock(CLOCK_REALTIME);
}

int64_t
ex_ticks(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

void
ex_sleep(int64_t us)
{
	struct timespec ts;

	if (us <= 0)
		return;
	ts.tv_sec = (time_t)(us / EX_SECOND);
	ts.tv_nsec = (long)(us % EX_SECOND) * 1000;
	(void)nanosleep(&ts, NULL);
}

/* Days since 1970-01-01 of a date of the Gregorian calendar. */
static int64_t
days_of(int64_t year, int64_t month, int64_t day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = y / 400;
	int64_t yoe = y - era * 400;
	int64_t m = month > 2 ? month - 3 : month + 9;
	int64_t doy = (153 * m + 2) / 5 + day - 1;
	int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

	return era * 146097 + doe - 719468;
}

void
ex_time_text(char out[EX_TIME_TEXT], int64_t us)
{
	time_t seconds;
	struct tm tm;
	int64_t rest;

	if (us < 0)
		us = 0;
	seconds = (time_t)(us / EX_SECOND);
	rest = us % EX_SECOND;
	if (gmtime_r(&seconds, &tm) == NULL || tm.tm_year > 9999 - 1900) {
		memcpy(out, "9999-12-31T23:59:59.999999Z", EX_TIME_TEXT);
		return;
	}
	(void)snprintf(out, EX_TIME_TEXT, "%04u-%02u-%02uT%02u:%02u:%02u.%06uZ",
	    (unsigned)(tm.tm_year + 1900) % 10000u,
	    (unsigned)(tm.tm_mon + 1) % 100u, (unsigned)tm.tm_mday % 100u,
	    (unsigned)tm.tm_hour % 100u, (unsigned)tm.tm_min % 100u,
	    (unsigned)tm.tm_sec % 100u, (unsigned)rest % 1000000u);
}

/* Take exactly n digits; -1 when there is another character. */
static int
digits(const char **p, int n, int64_t *out)
{
	*out = 0;
	for (; n > 0; n--, (*p)++) {
		if (**p < '0' || **p > '9')
			return -1;
		*out = *out * 10 + (**p - '0');
	}
	return 0;
}

static int
days_in(int64_t year, int64_t month)
{
	static const int days[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
		30, 31 };

	if (month == 2 &&
	    ((year % 4 == 0 && year % 100 != 0) || year % 400 == 0))
		return 29;
	return days[month - 1];
}

/* "YYYY-MM-DD"; the day's first microsecond.  -1: no such day. */
static int
take_date(const char **p, int64_t *us)
{
	int64_t year, month, day;

	if (digits(p, 4, &year) == -1 || *(*p)++ != '-' ||
	    digits(p, 2, &month) == -1 || *(*p)++ != '-' ||
	    digits(p, 2, &day) == -1)
		return -1;
	if (year < 1970 || month < 1 || month > 12 || day < 1 ||
	    day > days_in(year, month))
		return -1;
	*us = days_of(year, month, day) * 86400 * EX_SECOND;
	return 0;
}

/* "HH:MM:SS"; a leap second has no place in this count. */
static int
take_time(const char **p, int64_t *us)
{
	int64_t hour, minute, second;

	if (digits(p, 2, &hour) == -1 || *(*p)++ != ':' ||
	    digits(p, 2, &minute) == -1 || *(*p)++ != ':' ||
	    digits(p, 2, &second) == -1)
		return -1;
	if (hour > 23 || minute > 59 || second > 59)
		return -1;
	*us += ((hour * 60 + minute) * 60 + second) * EX_SECOND;
	return 0;
}

/* The canonical form at text, or -1. */
static int
take_canonical(const char *text, int64_t *us)
{
	const char *p = text;
	int64_t micro;

	if (strlen(text) != EX_TIME_TEXT - 1 || take_date(&p, us) == -1 ||
	    *p++ != 'T' || take_time(&p, us) == -1 || *p++ != '.' ||
	    digits(&p, 6, &micro) == -1 || *p != 'Z')
		return -1;
	*us += micro;
	return 0;
}

int
ex_time_read(int64_t *out, const char *text, struct ex_err *err)
{
	int64_t us;

	if (take_canonical(text, &us) == -1)
		return ex_fail(err, EX_FORMAT,
		    "\"%s\" is no time of the form "
		    "YYYY-MM-DDTHH:MM:SS.ffffffZ",
		    text);
	*out = us;
	return 0;
}

/* The fraction of a second behind its point, one to nine digits. */
static int
take_fraction(const char **p, int64_t *us)
{
	int64_t unit = EX_SECOND / 10;
	int n = 0;

	for (; **p >= '0' && **p <= '9'; (*p)++, n++) {
		*us += unit * (**p - '0');
		unit /= 10;
	}
	return n >= 1 && n <= 9 ? 0 : -1;
}

/* Seconds, fraction and offset behind a date; offset may be absent. */
static int
take_rest(const char **p, int64_t *us, int *had_offset)
{
	int64_t hour, minute;
	int sign;

	if (take_time(p, us) == -1)
		return -1;
	if (**p == '.') {
		(*p)++;
		if (take_fraction(p, us) == -1)
			return -1;
	}
	*had_offset = **p != '\0';
	if (**p == 'Z' || **p == 'z') {
		(*p)++;
		return 0;
	}
	if (**p != '+' && **p != '-')
		return 0;
	sign = *(*p)++ == '+' ? 1 : -1;
	if (digits(p, 2, &hour) == -1 || *(*p)++ != ':' ||
	    digits(p, 2, &minute) == -1 || hour > 23 || minute > 59)
		return -1;
	*us -= sign * (hour * 60 + minute) * 60 * EX_SECOND;
	return 0;
}

/* Read as if it were UTC, shift by the local offset of that moment. */
static int64_t
from_local(int64_t us)
{
	time_t seconds = (time_t)(us / EX_SECOND);
	struct tm tm;
	time_t local;

	if (gmtime_r(&seconds, &tm) == NULL)
		return us;
	tm.tm_isdst = -1;
	local = mktime(&tm);
	if (local == (time_t)-1)
		return us;
	return (int64_t)local * EX_SECOND + us % EX_SECOND;
}

int
ex_time_parse(
    int64_t *out, int *had_offset, const char *text, struct ex_err *err)
{
	const char *p = text;
	int64_t us = 0;
	int offset = 0;

	if (take_date(&p, &us) == -1)
		goto bad;
	if (*p == 'T' || *p == 't' || *p == ' ') {
		p++;
		if (take_rest(&p, &us, &offset) == -1)
			goto bad;
	}
	if (*p != '\0')
		goto bad;
	if (!offset)
		us = from_local(us);
	if (us < 0 || us > LAST)
		goto bad;
	*out = us;
	if (had_offset != NULL)
		*had_offset = offset;
	return 0;
bad:
	return ex_fail(err, EX_FORMAT,
	    "\"%s\" is no time; write 2026-01-31T09:30:00+08:00 or a date",
	    text);
}
