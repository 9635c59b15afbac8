/*
 * render_table.c -- how wide the columns of a table are, and its rows.
 */
#include <string.h>

#include "report/render_row.h"
#include "report/render_table.h"

#define PAD	  3.0
#define LEAST	  26.0	/* a column's width */
#define MOST	  190.0 /* that a cell may ask for without wrapping */
#define AFTER	  10.0
#define MIN_BLOCK 60.0 /* a caption is not left alone below this */

enum {
	SAMPLE = 200, /* rows that are measured for the widths */
	WORD = 24     /* characters that are kept together */
};

struct table {
	struct ex_paper *p;
	const struct ex_block *b;
	double width[EX_DOC_COLUMNS];
};

static void turn_over(struct ex_paper *p, void *arg);

/* What a column would like, and what its longest word needs. */
struct wish {
	double want, need;
};

/* The longest word that must not be broken; a digest may be, and Chinese. */
static void
longest_word(char out[WORD + 1], const char *text)
{
	size_t best = 0;

	out[0] = '\0';
	while (*text != '\0') {
		size_t n = strcspn(text, " ");
		int plain = 1;

		for (size_t i = 0; i < n; i++)
			plain &= (unsigned char)text[i] < 0x80;
		if (plain && n > best && n <= WORD) {
			memcpy(out, text, n);
			out[n] = '\0';
			best = n;
		}
		text += n;
		text += strspn(text, " ");
	}
}

static void
widen(const struct table *t, struct wish *w, enum ex_paper_style style,
    const char *text)
{
	char word[WORD + 1];
	double line = ex_paper_line_width(t->p, style, text) + 2 * PAD, need;

	longest_word(word, text);
	need = ex_paper_line_width(t->p, style, word) + 2 * PAD;
	w->want = line > w->want ? line : w->want;
	w->need = need > w->need ? need : w->need;
}

/* By the head and the first of the rows. */
static struct wish
wish_of(const struct table *t, size_t column)
{
	const struct ex_block *b = t->b;
	struct wish w = { LEAST, LEAST };
	size_t rows = b->ncells / b->columns;

	for (size_t r = 0; r < rows && r <= SAMPLE; r++)
		widen(t, &w, r == 0 ? EX_STYLE_CELL_HEAD : EX_STYLE_CELL,
		    b->cell[r * b->columns + column]);
	if (w.want > MOST)
		w.want = MOST;
	if (w.need > w.want)
		w.need = w.want;
	return w;
}

/*
 * Each column gets what its words need; what is left goes to those that would
 * like more, in proportion.  Where even the words do not fit, all shrink.
 */
static void
share(struct table *t)
{
	double all = ex_paper_width(t->p), needs = 0, more = 0, part;
	struct wish w[EX_DOC_COLUMNS];

	for (size_t i = 0; i < t->b->columns; i++) {
		w[i] = wish_of(t, i);
		needs += w[i].need;
		more += w[i].want - w[i].need;
	}
	for (size_t i = 0; i < t->b->columns; i++) {
		if (needs + more <= all) {
			t->width[i] = w[i].want * all / (needs + more);
		} else if (needs <= all) {
			part = (w[i].want - w[i].need) / more;
			t->width[i] = w[i].need + part * (all - needs);
		} else {
			t->width[i] = w[i].need * all / needs;
		}
	}
}

static void
put_row(struct table *t, char *const *text, int head)
{
	struct ex_row_cell cell[EX_DOC_COLUMNS];

	for (size_t i = 0; i < t->b->columns; i++)
		cell[i] = (struct ex_row_cell){
			head ? EX_STYLE_CELL_HEAD : EX_STYLE_CELL,
			text[i],
			t->b->cell[i],
			t->width[i],
			head ? "TH" : "TD",
			head ? 0.9 : 1,
		};
	ex_render_row(t->p, &(struct ex_row){ .cell = cell,
				.n = t->b->columns,
				.pad = PAD,
				.frame = 1,
				.tag = "TR",
				.turn = head ? NULL : turn_over,
				.arg = t });
}

/* The rest of the table on a new sheet, under its head again. */
static void
turn_over(struct ex_paper *p, void *arg)
{
	struct table *t = arg;

	ex_paper_end(p, "Table");
	ex_paper_sheet(p);
	ex_paper_begin(p, "Table");
	put_row(t, t->b->cell, 1);
}

static void
put_caption(struct table *t)
{
	const struct ex_row_cell cell = { EX_STYLE_BOLD, t->b->name, t->b->name,
		ex_paper_width(t->p), "P", 1 };

	if (ex_paper_full(t->p, MIN_BLOCK))
		ex_paper_sheet(t->p);
	if (t->b->name[0] != '\0')
		ex_render_row(t->p, &(struct ex_row){ .cell = &cell, .n = 1 });
	ex_paper_skip(t->p, 2);
}

void
ex_render_table(struct ex_paper *p, const struct ex_block *b)
{
	struct table t = { .p = p, .b = b };

	share(&t);
	put_caption(&t);
	ex_paper_begin(p, "Table");
	put_row(&t, b->cell, 1);
	for (size_t i = b->columns; i < b->ncells && !ex_paper_failed(p);
	     i += b->columns)
		put_row(&t, b->cell + i, 0);
	ex_paper_end(p, "Table");
	ex_paper_skip(p, AFTER);
}
