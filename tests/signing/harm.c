/*
 * harm.c -- what all tables of harms share.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "tests/signing/harm.h"
#include "signing/der.h"

void
harm_good(struct ex_buf *out, const struct lab *lab, enum harm_who who)
{
	static const int two[] = { LAB_ALMA, LAB_BRUNO }, rsa[] = { LAB_RSA };

	if (who == RSA)
		lab_entry(lab, out, "{\"n\":1}", rsa, 1);
	else
		lab_entry(lab, out, "{\"n\":1}", two, who == TWO ? 2 : 1);
}

/* Signers go into their order again, as an attacker would see to. */
static void
sort_signers(struct harm *h)
{
	for (size_t i = SD_CERTS; i < h->sd->nkids; i++)
		if (h->sd->kid[i]->tag == EX_DER_SET)
			harm_sort(h->sd->kid[i]);
}

void
harm_make(struct ex_buf *out, const struct lab *lab, const struct ex_buf *good,
    const struct harm_case *c)
{
	struct ex_buf same = EX_BUF_INIT;
	struct harm h = { 0 };

	h.lab = lab;
	h.root = node_read(good->data, good->len);
	h.sd = node_at(h.root, 1, 0, -1);
	/* The tree itself changes nothing. */
	node_write(&same, h.root);
	assert_int_equal(same.len, good->len);
	assert_memory_equal(same.data, good->data, same.len);

	c->harm(&h, c);
	if (!h.keep_order)
		sort_signers(&h);
	node_write(out, h.root);
	assert_int_equal(ex_buf_add(out, h.tail.data, h.tail.len, NULL), 0);
	node_free(h.root);
	ex_buf_free(&h.tail);
	ex_buf_free(&same);
}

struct node *
harm_target(struct harm *h, const struct harm_case *c)
{
	struct node *node = h->root;

	for (const char *p = c->path; *p != '\0'; p++)
		node = node_at(node, *p - '0', -1);
	return node;
}

struct node *
harm_signer_at(struct harm *h, int i)
{
	return node_at(h->sd, SD_SIGNERS, i, -1);
}

/* Is this certificate the one that sid means? */
static int
means(const struct node *sid, const struct ex_buf *cert)
{
	struct ex_buf want = EX_BUF_INIT, serial = EX_BUF_INIT;
	struct ex_buf got = EX_BUF_INIT;
	int same;

	assert_int_equal(
	    ex_cert_issuer_serial(&want, &serial, cert->data, cert->len, NULL),
	    0);
	assert_int_equal(ex_buf_add(&want, serial.data, serial.len, NULL), 0);
	node_write(&got, sid->kid[0]);
	node_write(&got, sid->kid[1]);
	same = got.len == want.len && memcmp(got.data, want.data, got.len) == 0;
	ex_buf_free(&want);
	ex_buf_free(&serial);
	ex_buf_free(&got);
	return same;
}

const struct ex_key *
harm_key_of(
    const struct harm *h, const struct node *si, const struct ex_buf **cert)
{
	for (int i = 0; i < LAB_SIGNERS; i++)
		if (means(si->kid[SI_SID], &h->lab->cert[i])) {
			*cert = &h->lab->cert[i];
			return h->lab->key[i];
		}
	fail_msg("a SignerInfo of nobody");
	return NULL;
}

void
harm_attrs_to_sign(struct ex_buf *out, struct node *si)
{
	struct node *attrs = si->kid[SI_ATTRS];

	attrs->tag = EX_DER_SET;
	node_write(out, attrs);
	attrs->tag = EX_DER_CONTEXT_0;
}

void
harm_sign_again(const struct harm *h, struct node *si)
{
	struct ex_buf attrs = EX_BUF_INIT, sig = EX_BUF_INIT;
	const struct ex_buf *cert;

	harm_attrs_to_sign(&attrs, si);
	assert_int_equal(ex_key_sign(harm_key_of(h, si, &cert), attrs.data,
			     attrs.len, &sig, NULL),
	    0);
	node_replace(si, SI_SIG, node_bytes(EX_DER_OCTETS, sig.data, sig.len));
	ex_buf_free(&attrs);
	ex_buf_free(&sig);
}

void
harm_set_sig(struct harm *h, int i, const struct ex_buf *value)
{
	node_replace(harm_signer_at(h, i), SI_SIG,
	    node_bytes(EX_DER_OCTETS, value->data, value->len));
}

/* Bubble by bubble: sets here have two or three elements. */
void
harm_sort(struct node *set)
{
	for (size_t n = set->nkids; n > 1; n--)
		for (size_t i = 1; i < n; i++) {
			struct ex_buf a = EX_BUF_INIT, b = EX_BUF_INIT;
			struct ex_span sa, sb;

			node_write(&a, set->kid[i - 1]);
			node_write(&b, set->kid[i]);
			sa = (struct ex_span){ a.data, a.len };
			sb = (struct ex_span){ b.data, b.len };
			if (ex_der_compare(sa, sb) > 0)
				node_swap(set, i - 1, i);
			ex_buf_free(&a);
			ex_buf_free(&b);
		}
}

struct node *
harm_of_buf(const struct ex_buf *b)
{
	return node_read(b->data, b->len);
}

void
harm_drop_kid(struct harm *h, const struct harm_case *c)
{
	node_drop(harm_target(h, c), (size_t)c->arg);
}
