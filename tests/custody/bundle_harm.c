/*
 * bundle_harm.c -- ways to harm a bundle's folder, and what must be said.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "custody/manifest.h"
#include "tests/custody/bundle_harm.h"

const struct harm harms[] = {
	/* Files and manifest, as they are. */
	{ "a byte of an entry", "setbyte entries/e0009.p7m 200", AS_IS,
	    "file-digest", SEES },
	{ "a byte of the report", "setbyte report.html 3", AS_IS, "file-digest",
	    ALSO },
	{ "a file is gone", "rm proofs/e0004.tlog-proof", AS_IS, "file-missing",
	    SEES },
	{ "an entry is gone", "rm entries/e0004.p7m", AS_IS, "file-missing",
	    ALSO },
	{ "a file more", "echo x >note.txt", AS_IS, "file-extra", SEES },
	{ "a hidden file more", "echo x >.note", AS_IS, "file-name", ALSO },
	{ "a file of another name", "mv entries/e0004.p7m entries/e04.p7m",
	    AS_IS, "file-name", SEES },
	{ "a name with a newline", "echo x >'a\nb'", AS_IS, "file-name", SEES },
	{ "a link in the place of a file",
	    "mv report.html r && ln -s r report.html", AS_IS, "file-link",
	    SEES },
	{ "a link out of the folder",
	    "rm report.html && ln -s /etc/hostname report.html", AS_IS,
	    "file-link", ALSO },
	{ "a folder that is a link", "mv proofs p && ln -s p proofs", AS_IS,
	    "file-link", ALSO },
	{ "a pipe", "rm report.html && mkfifo report.html", AS_IS, "file-kind",
	    SEES },
	{ "folders without end", "mkdir -p a/b/c/d/e && echo x >a/b/c/d/e/f",
	    AS_IS, "file-name", ALSO },
	{ "a huge entry", "truncate -s 100000 entries/e0004.p7m", AS_IS,
	    "file-size", SEES },
	{ "a huge opening", "truncate -s 9000000 openings/e0004.json", AS_IS,
	    "file-size", ALSO },
	{ "no manifest", "rm manifest.json", AS_IS, "manifest", SEES },
	{ "no JSON for a manifest", "echo x >manifest.json", AS_IS, "manifest",
	    ALSO },
	{ "a manifest in another form", "edit manifest.json 's/,/, /'", AS_IS,
	    "manifest", BLIND },
	{ "a path out of the folder",
	    "edit manifest.json 's,\"report.html\",\"../report.html\",'", AS_IS,
	    "manifest", SEES },
	{ "an absolute path",
	    "edit manifest.json 's,\"report.html\",\"/etc/hostname\",'", AS_IS,
	    "manifest", ALSO },
	{ "another number of entries",
	    "edit manifest.json 's/\"entries\":[0-9]*/\"entries\":7/'", AS_IS,
	    "manifest-counts", BLIND },
	{ "another number of openings",
	    "edit manifest.json 's/\"openings\":[0-9]*/\"openings\":7/'", AS_IS,
	    "manifest-counts", BLIND },
	{ "another size of the checkpoint",
	    "edit manifest.json 's/\"size\":[0-9]*},\"counts/\"size\":7},"
	    "\"counts/'",
	    AS_IS, "manifest-checkpoint", BLIND },
	{ "another origin",
	    "edit manifest.json 's,\"lab.example,\"lab.elsewhere,'", AS_IS,
	    "manifest-checkpoint", BLIND },
	{ "about something else",
	    "edit manifest.json 's/\"subject\":\"case:[^\"]*\"/"
	    "\"subject\":\"case:X\"/'",
	    AS_IS, "manifest", BLIND },
	{ "a stream that is not there",
	    "edit manifest.json 's/\"streams\":\\[/&\"case:0\",/'", AS_IS,
	    "stream-missing", BLIND },
	{ "a stream that is not listed",
	    "edit manifest.json 's/,\"lab:EXLAB\"\\]/]/'", AS_IS,
	    "stream-extra", BLIND },

	/* From here on the manifest fits again. */
	{ "a byte of an entry, fitted", "setbyte entries/e0009.p7m 200", FITTED,
	    "entry-encoding", SEES },
	{ "a byte of a signature", "setbyte entries/e0009.p7m -10", FITTED,
	    "entry-signature", SEES },
	{ "a byte behind an entry", "printf x >>entries/e0009.p7m", FITTED,
	    "entry-encoding", SEES },
	{ "an entry cut short", "truncate -s -1 entries/e0009.p7m", FITTED,
	    "entry-encoding", ALSO },
	{ "an empty entry", ": >entries/e0009.p7m", FITTED, "entry-encoding",
	    ALSO },
	{ "a huge entry, fitted", "truncate -s 100000 entries/e0009.p7m",
	    FITTED, "entry-unreadable", ALSO },
	{ "two entries exchanged",
	    "mv entries/e0009.p7m x && mv entries/e0010.p7m entries/e0009.p7m "
	    "&& mv x entries/e0010.p7m",
	    FITTED, "proof", SEES },
	{ "two entries exchanged with all that is theirs",
	    "for f in entries/e%.p7m openings/e%.json proofs/e%.tlog-proof; "
	    "do a=${f%\\%*}0005${f#*\\%} b=${f%\\%*}0006${f#*\\%}; mv $a x; "
	    "mv $b $a; mv x $b; done",
	    FITTED, "entry-order", SEES },
	{ "an entry taken out, the rest moved up",
	    "i=9; while [ $i -lt $LAST ]; do "
	    "for f in entries/e%.p7m openings/e%.json proofs/e%.tlog-proof; "
	    "do a=$(printf '%s%04d%s' ${f%\\%*} $i ${f#*\\%}); "
	    "b=$(printf '%s%04d%s' ${f%\\%*} $((i + 1)) ${f#*\\%}); rm -f $a; "
	    "[ ! -f $b ] || mv $b $a; done; i=$((i + 1)); done",
	    FITTED, "chain-gap", SEES },
	{ "the last entry taken out",
	    "rm entries/e$LAST.p7m "
	    "openings/e$LAST.json "
	    "proofs/e$LAST.tlog-proof || :",
	    FITTED, "heads", BLIND },
	{ "an entry twice",
	    "n=$(printf %04d $((N + 1))); cp entries/e0009.p7m "
	    "entries/e$n.p7m; cp proofs/e0009.tlog-proof "
	    "proofs/e$n.tlog-proof; cp openings/e0009.json "
	    "openings/e$n.json || :",
	    FITTED, "chain-twice", SEES },
	{ "a number left out",
	    "for d in entries proofs openings; do for f in $d/e$LAST.*; do "
	    "[ ! -f $f ] || mv $f $(echo $f | sed 's/e0/e1/'); done; done",
	    FITTED, "entry-missing", BLIND },
	{ "openings of no entry", "cp openings/e0005.json openings/e0900.json",
	    FITTED, "entry-missing", BLIND },
	{ "a file with an odd name", "echo x >entries/e1.p7m", FITTED,
	    "file-name", BLIND },
	{ "another text in an opening",
	    "edit openings/e0002.json "
	    "'s/\"value\":\"[^\"]*\"/\"value\":\"else\"/'",
	    FITTED, "opening", BLIND },
	{ "another entry's openings",
	    "cp openings/e0002.json openings/e0003.json", FITTED, "opening",
	    BLIND },
	{ "an opening too large", "truncate -s 9000000 openings/e0002.json",
	    FITTED, "opening", BLIND },
	{ "openings are gone", "rm openings/e0002.json", FITTED,
	    "opening-missing", BLIND },
	{ "withheld, it is said, and is there",
	    "edit manifest.json 's/\"withheld\":{/&\"e9999\":[\"x\"]/'", AS_IS,
	    "", BLIND },
	{ "a hash of a proof", "edit proofs/e0009.tlog-proof '3s/^..../AAAA/'",
	    FITTED, "proof", SEES },
	{ "a hash less", "edit proofs/e0009.tlog-proof 3d", FITTED, "proof",
	    ALSO },
	{ "another index",
	    "edit proofs/e0009.tlog-proof 's/^index .*/index 3/'", FITTED,
	    "proof", SEES },
	{ "an index that a shell would run",
	    "edit proofs/e0009.tlog-proof "
	    "'s/^index .*/index a[$(touch pwned)]/'",
	    FITTED, "proof", SEES },
	{ "a size that a shell would run",
	    "edit checkpoints/checkpoint.txt '2s/.*/a[$(touch pwned)]/'",
	    FITTED, "checkpoint", SEES },
	{ "no proof", "echo x >proofs/e0009.tlog-proof", FITTED, "proof",
	    ALSO },
	{ "a proof to another checkpoint",
	    "edit proofs/e0009.tlog-proof 's/^lab.example/lab.elsewhere/'",
	    FITTED, "proof-checkpoint", SEES },
	{ "a smaller checkpoint", "edit checkpoints/checkpoint.txt '2s/.*/9/'",
	    FITTED, "policy", SEES },
	{ "another root", "edit checkpoints/checkpoint.txt '3s/^..../AAAA/'",
	    FITTED, "policy", ALSO },
	{ "another root everywhere",
	    "for f in checkpoints/* proofs/* $(find consistency -type f || :); do "
	    "r=$(sed -n 3p checkpoints/checkpoint.txt); "
	    "sed -i \"s,^$r\\$,AAAA${r#????},\" $f; done; "
	    "sed -i '3s/^..../AAAA/' checkpoints/checkpoint.txt",
	    FITTED, "policy", SEES },
	{ "no signature", "edit checkpoints/checkpoint.txt '/^\xe2\x80\x94/d'",
	    FITTED, "checkpoint", SEES },
	{ "no checkpoint", "rm checkpoints/checkpoint.txt", FITTED,
	    "checkpoint", SEES },
	{ "the log's line under another name",
	    "edit checkpoints/checkpoint.txt "
	    "'s/^\xe2\x80\x94 lab.example/\xe2\x80\x94 lab.elsewhere/'",
	    FITTED, "policy", SEES },
	{ "another head", "edit heads/heads.json 's/\"seq\":[0-9]*/\"seq\":3/'",
	    FITTED, "heads-proof", BLIND },
	{ "another place of a head",
	    "edit heads/heads.json 's/\"index\":[0-9]*/\"index\":9/'", FITTED,
	    "heads-proof", BLIND },
	{ "another number of heads",
	    "edit heads/heads.json 's/\"count\":[0-9]*/\"count\":99/'", FITTED,
	    "heads", BLIND },
	{ "heads of another entry",
	    "edit heads/heads.json 's/\"entry\":\"..../\"entry\":\"0000/'",
	    FITTED, "heads", BLIND },
	{ "a head less",
	    "edit heads/heads.json "
	    "'s/\"heads\":\\[{[^}]*},/\"heads\":[/'",
	    FITTED, "heads-missing", BLIND },
	{ "a case without its items",
	    "edit heads/heads.json 's/\"items\":\"[0-9a-f]*\",//'", FITTED,
	    "heads", BLIND },
	{ "no heads", "rm heads/heads.json", FITTED, "heads", BLIND },
	{ "a prefix less", "rm $(ls consistency/*.txt | head -n 1)", FITTED,
	    "consistency", BLIND },
	{ "another prefix",
	    "for f in consistency/*.txt; do "
	    "sed -i '2s/^..../AAAA/' $f; done",
	    FITTED, "seen-root", BLIND },
	{ "a prefix of another size",
	    "for f in consistency/*.txt; do "
	    "sed -i '1s/.*/old 3/' $f; done",
	    FITTED, "consistency", BLIND },
	{ "another report", "echo more >>report.html", FITTED, "report",
	    BLIND },
	{ "a report that nobody signed", "echo x >report.txt", FITTED, "report",
	    BLIND },
};
const size_t harms_n = sizeof(harms) / sizeof(harms[0]);

static const char tools[] =
    "set -e\n"
    "LC_ALL=C; export LC_ALL\n"
    "LAST=$(ls entries | tail -n 1); LAST=${LAST#e}; LAST=${LAST%.p7m}\n"
    "N=$(echo $LAST | sed s,^0*,,)\n"
    "setbyte() {\n"
    "	at=$2; [ $at -ge 0 ] || at=$(($(stat -c %s \"$1\") + at))\n"
    "	b=$(dd if=\"$1\" bs=1 skip=$at count=1 2>/dev/null | od -An -tu1)\n"
    "	printf \"\\\\$(printf %o $(((b + 1) % 256)))\" |\n"
    "	    dd of=\"$1\" bs=1 seek=$at conv=notrunc 2>/dev/null\n"
    "}\n"
    "edit() {\n"
    "	sed \"$2\" \"$1\" >.edited; ! cmp -s .edited \"$1\"\n"
    "	cat .edited >\"$1\"; rm .edited\n"
    "}\n";

/* $N is $LAST as a number: its zeros would make it an octal one. */
static void
run_command(const char *path, const char *command)
{
	struct ex_buf script = EX_BUF_INIT;
	const char *argv[] = { "sh", "-c", NULL, NULL };

	MUST(ex_buf_addf(
	    &script, err, "cd '%s'\n%s%s\n%c", path, tools, command, '\0'));
	argv[2] = (const char *)script.data;
	if (scene_run(NULL, argv) != 0)
		fail_msg("this must work: %s", command);
	ex_buf_free(&script);
}

/* What is on disk, for a manifest. */
struct listing {
	struct ex_folder folder;
	struct ex_manifest *m;
	char path[512][EX_FOLDER_PATH];
};

static int
list_file(
    void *arg, enum ex_folder_kind kind, const char *path, struct ex_err *err)
{
	struct listing *l = arg;
	struct ex_manifest *m = l->m;
	struct ex_manifest_file *f = &m->file[m->nfiles];

	if (kind != EX_FOLDER_FILE || strcmp(path, EX_BUNDLE_MANIFEST) == 0)
		return 0;
	assert_true(m->nfiles < 512);
	(void)snprintf(l->path[m->nfiles], EX_FOLDER_PATH, "%s", path);
	memset(f, 0, sizeof(*f));
	f->path = l->path[m->nfiles++];
	if (strncmp(path, "entries/", 8) == 0)
		m->entries++;
	if (strncmp(path, "openings/", 9) == 0)
		m->openings++;
	return ex_folder_sha256(f->sha256, &f->size, &l->folder, path, err);
}

void
harm_fit(const char *path)
{
	struct ex_buf old = EX_BUF_INIT, text = EX_BUF_INIT;
	struct listing *l = calloc(1, sizeof(*l));
	struct ex_manifest m;
	char full[256];

	assert_non_null(l);
	(void)snprintf(full, sizeof(full), "%s/manifest.json", path);
	MUST(ex_file_read(&old, full, EX_MANIFEST_MAX, err));
	MUST(ex_manifest_read(&m, old.data, old.len, err));
	free(m.file);
	m.file = calloc(512, sizeof(*m.file));
	assert_non_null(m.file);
	m.nfiles = 0;
	m.entries = 0;
	m.openings = 0;
	l->m = &m;
	MUST(ex_folder_open(&l->folder, path, err));
	MUST(ex_folder_walk(&l->folder, list_file, l, err));
	MUST(ex_manifest_write(&text, &m, err));
	MUST(ex_file_write(full, text.data, text.len, 0644, err));
	ex_folder_close(&l->folder);
	ex_manifest_free(&m);
	ex_buf_free(&old);
	ex_buf_free(&text);
	free(l);
}

const char *
harm_bundle(struct scene *s, const char *bundle, const struct harm *h)
{
	const char *path = scene_copy(s, bundle);

	run_command(path, h->command);
	if (h->manifest == FITTED)
		harm_fit(path);
	return path;
}
