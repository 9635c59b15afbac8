/*
 * array.c -- arrays as parameters, in the server's binary form.
 *
 * One dimension: its number (1), no NULLs (0), the elements' type, how many,
 * the first index (1); then each element's length and bytes (array_send() of
 * PostgreSQL's arrayfuncs.c).  Integers are in network order.
 */
#include <string.h>

#include "db/conn.h"

/* Types of PostgreSQL's catalogue, which stay (pg_type.dat). */
enum {
	OID_BYTEA = 17,
	OID_INT8 = 20,
	OID_TEXT = 25,
	HOW_MANY = 12 /* where the count stands */
};

static int
begin(struct ex_array *list, uint32_t oid, struct ex_err *err)
{
	const uint32_t head[] = { 1, 0, oid, 0, 1 };

	if (list->data.len > 0)
		return 0;
	for (size_t i = 0; i < sizeof(head) / sizeof(head[0]); i++)
		if (ex_buf_add_u32(&list->data, head[i], err) == -1)
			return -1;
	return 0;
}

static int
add(struct ex_array *list, uint32_t oid, const void *bytes, size_t n,
    struct ex_err *err)
{
	uint32_t count = list->n + 1;

	if (n > INT32_MAX || count > INT32_MAX)
		return ex_fail(err, EX_LIMIT, "too many bytes");
	if (begin(list, oid, err) == -1 ||
	    ex_buf_add_u32(&list->data, (uint32_t)n, err) == -1 ||
	    ex_buf_add(&list->data, bytes, n, err) == -1)
		return -1;
	list->n = count;
	for (size_t i = 0; i < sizeof(count); i++)
		list->data.data[HOW_MANY + i] =
		    (uint8_t)(count >> (24 - 8 * i));
	return 0;
}

int
ex_array_int(struct ex_array *list, int64_t number, struct ex_err *err)
{
	uint8_t bytes[8];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)((uint64_t)number >> (56 - 8 * i));
	return add(list, OID_INT8, bytes, sizeof(bytes), err);
}

int
ex_array_bytes(
    struct ex_array *list, const void *bytes, size_t n, struct ex_err *err)
{
	return add(list, OID_BYTEA, bytes, n, err);
}

int
ex_array_text(
    struct ex_array *list, const char *text, size_t n, struct ex_err *err)
{
	return add(list, OID_TEXT, text, n, err);
}

void
ex_array_clear(struct ex_array *list)
{
	ex_buf_cut(&list->data, 0);
	list->n = 0;
}

void
ex_array_free(struct ex_array *list)
{
	ex_buf_free(&list->data);
	list->n = 0;
}
