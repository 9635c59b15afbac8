/*
 * bundle.h -- the offline bundle of a case or an item, out of the house.
 *
 * A heads entry is asked for first, so that the bundle says up to which size
 * it is complete; its format is custody/bundle.h's.
 */
#ifndef REPORT_BUNDLE_H
#define REPORT_BUNDLE_H

#include "base/err.h"
#include "base/json.h"

struct ex_house;

struct ex_bundle_order {
	const char *subject; /* item or case, as a person names it */
	const char *to;	     /* folder that must not exist */
	int zh;		     /* language of its report */
	const char *redact;  /* profile, see report/redact.h; NULL: none */
};

/*
 * {"path","entries","checkpoint","size","event","redaction"?}: the event is a signed
 * `bundle` entry with the digest of the bundle's manifest.  Waits for
 * inclusion as reports do.
 */
int ex_bundle_run(struct ex_json **out, struct ex_house *house,
    const struct ex_bundle_order *order, struct ex_err *err);

#endif
