/*
 * access.c -- noting who looked at what.
 */
#include "cases/access.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cases/house_parts.h"
#include "db/tables.h"

int
ex_access_note(struct ex_house *house, const char *kind, const char *name,
    int allowed, struct ex_err *err)
{
	const char *what = house->errand, *purpose = house->purpose;
	char subject[sizeof(house->noted)], shown[400];
	struct ex_conn *conn;

	/* What a field kit holds was noted when it was packed. */
	if (house->kit != NULL)
		return 0;
	(void)snprintf(subject, sizeof(subject), "%s%s%s", kind,
	    kind[0] == '\0' ? "" : ":",
	    ex_text_shown(shown, sizeof(shown), name));
	if (strcmp(subject, house->noted) == 0)
		return 0;
	if (ex_house_conn(house, &conn, err) == -1 ||
	    ex_table_note_access(conn, what == NULL ? "exhibit" : what, subject,
		purpose == NULL ? ""
				: ex_text_shown(shown, sizeof(shown), purpose),
		allowed, err) == -1)
		return ex_while(err, "access log");
	(void)snprintf(house->noted, sizeof(house->noted), "%s", subject);
	return 0;
}
