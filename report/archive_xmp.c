/*
 * archive_xmp.c -- what a report is about, for archives (ISO 16684-1).
 */
#include <stdio.h>

#include "base/clock.h"
#include "report/archive.h"
#include "report/escape.h"

static int
add_text(struct ex_buf *out, const char *before, const char *text,
    const char *after, struct ex_err *err)
{
	if (ex_buf_add_text(out, before, err) == -1 ||
	    ex_escape_html(out, text, err) == -1)
		return -1;
	return ex_buf_add_text(out, after, err);
}

int
ex_archive_xmp(struct ex_buf *out, const struct ex_archive_about *about,
    struct ex_err *err)
{
	const char *lang = about->zh ? "zh-TW" : "en";
	char at[EX_TIME_TEXT];

	ex_time_text(at, about->made_at);
	(void)snprintf(&at[19], sizeof(at) - 19, "Z");
	if (ex_buf_add_text(out,
		"<?xpacket begin=\"\xef\xbb\xbf\" "
		"id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
		"<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
		"<rdf:RDF xmlns:rdf="
		"\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
		"<rdf:Description rdf:about=\"\"\n"
		" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"\n"
		" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\"\n"
		" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\">\n"
		"<dc:format>application/pdf</dc:format>\n",
		err) == -1 ||
	    add_text(out, "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">",
		about->title, "</rdf:li></rdf:Alt></dc:title>\n", err) == -1 ||
	    add_text(out,
		"<dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">",
		about->subject, "</rdf:li></rdf:Alt></dc:description>\n",
		err) == -1 ||
	    ex_buf_addf(out, err,
		"<dc:language><rdf:Bag><rdf:li>%s</rdf:li></rdf:Bag>"
		"</dc:language>\n"
		"<xmp:CreateDate>%s</xmp:CreateDate>\n"
		"<xmp:ModifyDate>%s</xmp:ModifyDate>\n"
		"<xmp:CreatorTool>exhibit %s</xmp:CreatorTool>\n",
		lang, at, at, EX_VERSION) == -1)
		return -1;
	return ex_buf_add_text(out,
	    "</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n"
	    "<?xpacket end=\"r\"?>\n",
	    err);
}
