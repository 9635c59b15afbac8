/*
 * markup.h -- is a text well-formed markup?  A reader of its own, so that the
 * renderer is not judged by itself.
 */
#ifndef TESTS_REPORT_MARKUP_H
#define TESTS_REPORT_MARKUP_H

/*
 * Check that every element is closed in order, every attribute quoted, every
 * & begins one of the five entities or a number, and that no script, event
 * handler or address is there.  NULL, or what is wrong.
 */
const char *markup_wrong(const char *text);

#endif
