/*
 * bundle_texts.h -- texts that go into every bundle; embedded from
 * custody/texts/ and custody/verify_html/ by CMakeLists.txt.
 */
#ifndef CUSTODY_BUNDLE_TEXTS_H
#define CUSTODY_BUNDLE_TEXTS_H

/* NUL-terminated. */
extern const char ex_bundle_verify_txt[];
extern const char ex_bundle_verify_sh[];
extern const char ex_bundle_verify_html[];

#endif
