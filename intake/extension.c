/*
 * extension.c -- extensions and the types that content of them has.
 *
 * Only types that libmagic tells surely are listed, each with every extension
 * that is usual for it: a mismatch is a hint to look, and a false one costs
 * the time of whoever looks.
 */
#include "intake/extension.h"

#include <ctype.h>
#include <string.h>

/* Extensions between spaces. */
static const struct {
	const char *mime;
	const char *extensions;
} known[] = {
	{ "image/jpeg", " jpg jpeg jpe jfif thm mpo " },
	{ "image/png", " png apng " },
	{ "image/gif", " gif " },
	{ "image/bmp", " bmp dib " },
	{ "image/webp", " webp " },
	{ "image/tiff", " tif tiff dng nef cr2 arw " },
	{ "image/heic", " heic heif hif " },
	{ "application/pdf", " pdf ai " },
	{ "application/zip",
	    " zip jar apk docx xlsx pptx odt ods odp epub xpi cbz kmz ipa war "
	    "ear whl aar " },
	{ "application/gzip", " gz tgz svgz dia " },
	{ "application/x-7z-compressed", " 7z " },
	{ "application/x-rar", " rar cbr " },
	{ "application/x-xz", " xz txz " },
	{ "application/x-bzip2", " bz2 tbz tbz2 " },
	{ "application/x-dosexec",
	    " exe dll sys scr ocx cpl drv com mui efi ax acm tlb pyd node fon "
	    "winmd msstyles rll olb ime tsp " },
	{ "application/x-executable", " elf " },
	{ "application/vnd.sqlite3",
	    " db sqlite sqlite3 db3 sqlitedb storedata " },
	{ "application/msword", " doc dot " },
	{ "application/vnd.ms-excel", " xls xlt xla " },
	{ "application/vnd.ms-powerpoint", " ppt pps pot " },
	{ "application/vnd.openxmlformats-officedocument."
	  "wordprocessingml.document",
	    " docx docm dotx dotm " },
	{ "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	    " xlsx xlsm xltx xltm xlsb " },
	{ "application/vnd.openxmlformats-officedocument.presentationml."
	  "presentation",
	    " pptx pptm ppsx potx " },
	{ "video/mp4", " mp4 m4v m4a mov 3gp m4p m4b f4v " },
	{ "video/quicktime", " mov qt mp4 m4v " },
	{ "video/x-matroska", " mkv mka mks webm " },
	{ "video/webm", " webm mkv " },
	{ "video/x-msvideo", " avi " },
	{ "audio/mpeg", " mp3 mp2 mpga " },
	{ "audio/x-wav", " wav wave " },
	{ "audio/flac", " flac " },
};

enum {
	COUNT = sizeof(known) / sizeof(known[0]),
	LONGEST = 12 /* characters of an extension */
};

/* " ext ", lower case; 0 when the name has none, or a strange one. */
static int
extension_of(char out[LONGEST + 3], struct ex_span name)
{
	size_t i = name.n, n;

	while (i > 0 && name.p[i - 1] != '.')
		i--;
	n = name.n - i;
	if (i < 2 || n == 0 || n > LONGEST)
		return 0;
	out[0] = ' ';
	for (size_t k = 0; k < n; k++) {
		if (!isalnum(name.p[i + k]))
			return 0;
		out[k + 1] = (char)tolower(name.p[i + k]);
	}
	out[n + 1] = ' ';
	out[n + 2] = '\0';
	return 1;
}

/* Is it an extension that says something? */
static int
is_known(const char *extension)
{
	for (size_t i = 0; i < COUNT; i++)
		if (strstr(known[i].extensions, extension) != NULL)
			return 1;
	return 0;
}

int
ex_extension_differs(const struct ex_file *f)
{
	char extension[LONGEST + 3];

	if (f->stream.n > 0 || f->mime[0] == '\0' ||
	    !extension_of(extension, f->name))
		return 0;
	for (size_t i = 0; i < COUNT; i++)
		if (strcmp(f->mime, known[i].mime) == 0)
			return strstr(known[i].extensions, extension) == NULL;
	/* A picture's name on plain text. */
	return strncmp(f->mime, "text/", 5) == 0 && is_known(extension);
}
