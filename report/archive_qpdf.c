/*
 * archive_qpdf.c -- cairo's PDF rewritten by qpdf.
 *
 * Handles of qpdf's objects belong to the qpdf_data and go with it.  A call
 * that fails leaves its reason there, and those after it do nothing: it is
 * asked once before the file is written and once afterwards.
 */
#include <stdio.h>
#include <string.h>

#include <qpdf/qpdf-c.h>

#include "base/clock.h"
#include "base/codec.h"
#include "report/archive.h"

enum {
	MARK = 16,	   /* random bytes by which the hole is found */
	PDF_DATE = 32,	   /* "D:20260504091233Z" */
	RANGE_DIGITS = 10, /* of each number of the byte range */
	NEAR_BACK = 256	   /* the range stands so near before the hole */
};

/* Placeholders of the byte range, to be written over. */
static const char range_hole[] =
    "/ByteRange [ 0 8999999999 8999999998 8999999997 ] /Contents <";

static void
put(qpdf_data q, qpdf_oh dict, const char *key, qpdf_oh value)
{
	qpdf_oh_replace_key(q, dict, key, value);
}

static void
put_name(qpdf_data q, qpdf_oh dict, const char *key, const char *name)
{
	put(q, dict, key, qpdf_oh_new_name(q, name));
}

static void
put_text(qpdf_data q, qpdf_oh dict, const char *key, const char *text)
{
	put(q, dict, key, qpdf_oh_new_unicode_string(q, text));
}

/* The member of a dictionary, made when it is not there. */
static qpdf_oh
member(qpdf_data q, qpdf_oh dict, const char *key)
{
	if (!qpdf_oh_has_key(q, dict, key))
		put(q, dict, key, qpdf_oh_new_dictionary(q));
	return qpdf_oh_get_key(q, dict, key);
}

/* A stream in the file; its dictionary in *dict. */
static qpdf_oh
make_stream(qpdf_data q, qpdf_oh *dict, const void *data, size_t n)
{
	qpdf_oh stream = qpdf_oh_new_stream(q);

	*dict = qpdf_oh_get_dict(q, stream);
	qpdf_oh_replace_stream_data(
	    q, stream, data, n, qpdf_oh_new_null(q), qpdf_oh_new_null(q));
	return stream;
}

static void
pdf_date(char out[PDF_DATE], int64_t at)
{
	char t[EX_TIME_TEXT];

	ex_time_text(t, at);
	(void)snprintf(out, PDF_DATE, "D:%.4s%.2s%.2s%.2s%.2s%.2sZ", t, &t[5],
	    &t[8], &t[11], &t[14], &t[17]);
}

static int
add_metadata(qpdf_data q, qpdf_oh root, const struct ex_archive_about *about,
    struct ex_err *err)
{
	struct ex_buf xmp = EX_BUF_INIT;
	qpdf_oh dict, stream;
	int rc = ex_archive_xmp(&xmp, about, err);

	if (rc == 0) {
		stream = make_stream(q, &dict, xmp.data, xmp.len);
		put_name(q, dict, "/Type", "/Metadata");
		put_name(q, dict, "/Subtype", "/XML");
		put(q, root, "/Metadata", stream);
	}
	ex_buf_free(&xmp);
	return rc;
}

static int
add_colours(qpdf_data q, qpdf_oh root, struct ex_err *err)
{
	struct ex_buf icc = EX_BUF_INIT;
	qpdf_oh dict, stream, intent = qpdf_oh_new_dictionary(q);
	int rc = ex_archive_srgb(&icc, err);

	if (rc == 0) {
		stream = make_stream(q, &dict, icc.data, icc.len);
		put(q, dict, "/N", qpdf_oh_new_integer(q, 3));
		put_name(q, intent, "/Type", "/OutputIntent");
		put_name(q, intent, "/S", "/GTS_PDFA1");
		put_text(q, intent, "/OutputConditionIdentifier", "sRGB");
		put_text(q, intent, "/Info", "sRGB IEC61966-2.1");
		put(q, intent, "/DestOutputProfile", stream);
		put(q, root, "/OutputIntents",
		    qpdf_oh_wrap_in_array(
			q, qpdf_make_indirect_object(q, intent)));
	}
	ex_buf_free(&icc);
	return rc;
}

/* manifest.json, found by readers of attachments and of associated files. */
static void
add_manifest(qpdf_data q, qpdf_oh root, const struct ex_archive_about *about)
{
	qpdf_oh dict, stream, params = qpdf_oh_new_dictionary(q);
	qpdf_oh file = qpdf_oh_new_dictionary(q), ef, names, tree;
	char date[PDF_DATE];

	if (about->manifest.n == 0)
		return;
	pdf_date(date, about->made_at);
	stream = make_stream(q, &dict, about->manifest.p, about->manifest.n);
	put_name(q, dict, "/Type", "/EmbeddedFile");
	put_name(q, dict, "/Subtype", "/application#2fjson");
	put(q, params, "/Size",
	    qpdf_oh_new_integer(q, (long long)about->manifest.n));
	put(q, params, "/ModDate", qpdf_oh_new_string(q, date));
	put(q, dict, "/Params", params);
	put_name(q, file, "/Type", "/Filespec");
	put_text(q, file, "/F", "manifest.json");
	put_text(q, file, "/UF", "manifest.json");
	put_text(q, file, "/Desc",
	    "The entries behind this report, by their leaves");
	put_name(q, file, "/AFRelationship", "/Data");
	ef = member(q, file, "/EF");
	put(q, ef, "/F", stream);
	put(q, ef, "/UF", stream);
	file = qpdf_make_indirect_object(q, file);
	put(q, root, "/AF", qpdf_oh_wrap_in_array(q, file));
	names = qpdf_oh_new_array(q);
	qpdf_oh_append_item(q, names, qpdf_oh_new_string(q, "manifest.json"));
	qpdf_oh_append_item(q, names, file);
	tree = member(q, member(q, root, "/Names"), "/EmbeddedFiles");
	put(q, tree, "/Names", names);
}

/* The signature's dictionary; its hole begins with mark. */
static qpdf_oh
make_signature(
    qpdf_data q, const struct ex_archive_about *about, const uint8_t mark[MARK])
{
	char hole[EX_ARCHIVE_SIGNATURE], date[PDF_DATE];
	qpdf_oh sig = qpdf_oh_new_dictionary(q);

	memset(hole, 0, sizeof(hole));
	memcpy(hole, mark, MARK);
	pdf_date(date, about->made_at);
	put_name(q, sig, "/Type", "/Sig");
	put_name(q, sig, "/Filter", "/Adobe.PPKLite");
	put_name(q, sig, "/SubFilter", "/ETSI.CAdES.detached");
	put_text(q, sig, "/Name", about->signer);
	put_text(q, sig, "/Reason", about->reason);
	put(q, sig, "/M", qpdf_oh_new_string(q, date));
	put(q, sig, "/ByteRange",
	    qpdf_oh_parse(q, "[ 0 8999999999 8999999998 8999999997 ]"));
	put(q, sig, "/Contents",
	    qpdf_oh_new_binary_string(q, hole, sizeof(hole)));
	return qpdf_make_indirect_object(q, sig);
}

/* A field without an appearance on the first sheet. */
static void
add_signature(qpdf_data q, qpdf_oh root, const struct ex_archive_about *about,
    const uint8_t mark[MARK])
{
	qpdf_oh page = qpdf_get_page_n(q, 0), annots;
	qpdf_oh form = qpdf_oh_new_dictionary(q);
	qpdf_oh field = qpdf_oh_parse(q,
	    "<< /Type /Annot /Subtype /Widget /FT /Sig /T (exhibit) "
	    "/F 132 /Rect [ 0 0 0 0 ] >>");

	put(q, field, "/P", page);
	put(q, field, "/V", make_signature(q, about, mark));
	field = qpdf_make_indirect_object(q, field);
	put(q, form, "/SigFlags", qpdf_oh_new_integer(q, 3));
	put(q, form, "/Fields", qpdf_oh_wrap_in_array(q, field));
	put(q, root, "/AcroForm", form);
	if (!qpdf_oh_has_key(q, page, "/Annots"))
		put(q, page, "/Annots", qpdf_oh_new_array(q));
	annots = qpdf_oh_get_key(q, page, "/Annots");
	qpdf_oh_append_item(q, annots, field);
}

/* What qpdf has against it. */
static int
check(qpdf_data q, struct ex_err *err)
{
	if (!qpdf_has_error(q))
		return 0;
	return ex_fail(err, EX_SYSTEM, "qpdf: %.200s",
	    qpdf_get_error_full_text(q, qpdf_get_error(q)));
}

static int
write_packed(struct ex_buf *out, qpdf_data q, struct ex_err *err)
{
	if (qpdf_init_write_memory(q) != QPDF_SUCCESS)
		return check(q, err);
	qpdf_set_object_stream_mode(q, qpdf_o_generate);
	qpdf_set_compress_streams(q, QPDF_TRUE);
	qpdf_set_deterministic_ID(q, QPDF_TRUE);
	qpdf_set_minimum_pdf_version(q, "1.7");
	if (qpdf_write(q) != QPDF_SUCCESS || qpdf_get_buffer(q) == NULL)
		return check(q, err) == -1
			   ? -1
			   : ex_fail(err, EX_SYSTEM, "qpdf wrote nothing");
	return ex_buf_add(
	    out, qpdf_get_buffer(q), qpdf_get_buffer_length(q), err);
}

/* Where the text stands in the file, from a place on; its end: nowhere. */
static size_t
find(const struct ex_buf *b, const char *text, size_t from)
{
	size_t n = strlen(text);

	for (size_t i = from; i + n <= b->len; i++)
		if (b->data[i] == (uint8_t)text[0] &&
		    memcmp(&b->data[i], text, n) == 0)
			return i;
	return b->len;
}

/* Find the hole by its mark and say around it what will be signed. */
static int
cut_hole(struct ex_buf *out, struct ex_archive_hole *hole,
    const uint8_t mark[MARK], struct ex_err *err)
{
	char hex[2 * MARK + 1], range[80];
	size_t digits = 2 * (size_t)EX_ARCHIVE_SIGNATURE;
	size_t head = sizeof(range_hole) - 1, at, back;

	ex_hex(hex, mark, MARK);
	at = find(out, hex, 0);
	back = at < NEAR_BACK ? 0 : at - NEAR_BACK;
	if (at + digits >= out->len || out->data[at + digits] != '>' ||
	    find(out, range_hole, back) + head != at)
		return ex_fail(err, EX_SYSTEM,
		    "qpdf wrote the signature's dictionary in another form");
	hole->start = at - 1;
	hole->end = at + digits + 1;
	(void)snprintf(range, sizeof(range), "%-10zu %-10zu %-10zu",
	    hole->start, hole->end, out->len - hole->end);
	memcpy(&out->data[at - head + strlen("/ByteRange [ 0 ")], range,
	    3 * RANGE_DIGITS + 2);
	memset(&out->data[at], '0', digits);
	return 0;
}

static int
add_all(qpdf_data q, const struct ex_archive_about *about,
    const uint8_t mark[MARK], struct ex_err *err)
{
	qpdf_oh root = qpdf_get_root(q);

	put_text(q, root, "/Lang", about->zh ? "zh-TW" : "en");
	put(q, member(q, root, "/ViewerPreferences"), "/DisplayDocTitle",
	    qpdf_oh_new_bool(q, QPDF_TRUE));
	if (add_metadata(q, root, about, err) == -1 ||
	    add_colours(q, root, err) == -1)
		return -1;
	add_manifest(q, root, about);
	if (about->signer != NULL)
		add_signature(q, root, about, mark);
	return check(q, err);
}

int
ex_archive_pdf(struct ex_buf *out, struct ex_archive_hole *hole,
    const struct ex_buf *pdf, const struct ex_archive_about *about,
    struct ex_err *err)
{
	qpdf_data q = qpdf_init();
	uint8_t mark[MARK];
	int rc = -1;

	ex_random(mark, sizeof(mark));
	qpdf_silence_errors(q);
	if (qpdf_read_memory(q, "report", (const char *)pdf->data, pdf->len,
		NULL) != QPDF_SUCCESS)
		(void)check(q, err);
	else if (add_all(q, about, mark, err) == 0 &&
		 write_packed(out, q, err) == 0)
		rc = about->signer == NULL ? 0 : cut_hole(out, hole, mark, err);
	qpdf_cleanup(&q);
	return rc;
}
