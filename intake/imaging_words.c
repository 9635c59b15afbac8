/*
 * imaging_words.c -- formats, compressions and results by their names.
 */
#include "base/text.h"
#include "intake/imaging.h"

const char *
ex_imaging_result_text(enum ex_imaging_result result)
{
	switch (result) {
	case EX_IMAGING_COMPLETE:
		return "complete";
	case EX_IMAGING_WITH_ERRORS:
		return "complete_with_errors";
	case EX_IMAGING_TRUNCATED:
		return "truncated";
	case EX_IMAGING_ABORTED:
		return "aborted";
	case EX_IMAGING_PAUSED:
		return "paused";
	case EX_IMAGING_FAILED:
	default:
		return "failed";
	}
}

static const char *const containers[] = {
	[EX_CONTAINER_E01] = "e01", [EX_CONTAINER_RAW] = "raw", NULL
};
static const char *const compressions[] = { [EX_COMPRESSION_NONE] = "none",
	[EX_COMPRESSION_FAST] = "fast",
	[EX_COMPRESSION_BEST] = "best",
	NULL };

const char *
ex_container_text(enum ex_container container)
{
	return (unsigned)container < EX_CONTAINERS ? containers[container]
						   : "unknown";
}

int
ex_container_parse(enum ex_container *out, const char *text, struct ex_err *err)
{
	int i = ex_text_index(text, containers);

	if (i == -1)
		return ex_fail(err, EX_USAGE,
		    "\"%.40s\" is no image format: e01, raw", text);
	*out = (enum ex_container)i;
	return 0;
}

const char *
ex_compression_text(enum ex_compression compression)
{
	return (unsigned)compression < EX_COMPRESSIONS
		   ? compressions[compression]
		   : "unknown";
}

int
ex_compression_parse(
    enum ex_compression *out, const char *text, struct ex_err *err)
{
	int i = ex_text_index(text, compressions);

	if (i == -1)
		return ex_fail(err, EX_USAGE,
		    "\"%.40s\" is no compression: none, fast, best", text);
	*out = (enum ex_compression)i;
	return 0;
}
