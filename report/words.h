/*
 * words.h -- the words of closed lists ("intact", "physical_medium",
 * "custodian") as people read them, in English and Traditional Chinese.
 *
 * Entries hold the codes; nothing that a person wrote is ever translated.
 */
#ifndef REPORT_WORDS_H
#define REPORT_WORDS_H

/*
 * The word for a code of the list that a field of this name draws from
 * (custody/act.h); "role" is the list of functions and of granted roles.
 * A code that is in no list is returned as it is.  Borrowed.
 */
const char *ex_word(const char *list, const char *code, int zh);

/* Does the table have a word for this code? */
int ex_word_known(const char *list, const char *code);

/*
 * What a field's name means, as a label; the name itself where there is no
 * label for it.  Borrowed.
 */
const char *ex_word_label(const char *name, int zh);

#endif
