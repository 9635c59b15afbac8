#!/bin/bash
# offenders.sh CHECK -- the check accepts a good tree and names each offender.
#
# Every case is a fresh copy of one small good tree with one thing wrong.
set -euo pipefail

check=$1
scripts=$EXHIBIT_SOURCE/scripts
work=$(mktemp -d "${TMPDIR:-/tmp}/exhibit-house.XXXXXX")
trap 'rm -rf "$work"' EXIT
failed=0

make_good() {
	rm -rf "$work/tree"
	mkdir -p "$work/tree"/{base,hashing,cases,daemons,tests/base,docs}
	cd "$work/tree"
	cp "$EXHIBIT_SOURCE/.clang-format" .
	cat >FLOORS <<'END'
2 cases
2 daemons
1 hashing
0 base
only zlib.h base/*_zlib.c
only openssl/ hashing/*_openssl.c
links true libm
links sort libcrypto
END
	cat >base/sum.h <<'END'
/* sum.h -- adding up. */
#ifndef BASE_SUM_H
#define BASE_SUM_H

int ex_sum(int a, int b);

#endif
END
	cat >base/sum.c <<'END'
/* No strcpy() here, nor "system(x)". */
#include <string.h>

#include "base/sum.h"

int
ex_sum(int a, int b)
{
	const char *text = "sprintf(x)";

	if (strlen(text) == 0)
		goto out;
	return a + b;
out:
	return 0;
}
END
	printf '#include <openssl/evp.h>\n#include "base/sum.h"\n' \
	    >hashing/one_openssl.c
	printf '#include <zlib.h>\n#include "cases/x.h"\n' >tests/base/test_x.c
	printf 'ex_module(hashing\n  SOURCES a.c\n  USES base)\n' \
	    >hashing/CMakeLists.txt
	printf '# A title, with: marks\n\n[self](#a-title-with-marks)\n' \
	    >README.md
	printf '[up](../README.md) [out](https://example.org/x)\n' \
	    >docs/page.md
}

run_check() {
	"$scripts/check-$check" "$work/tree" "${args[@]}" >"$work/said" 2>&1
}

# The good tree passes; without this every refusal below would prove nothing.
accepts_good() {
	make_good
	if ! run_check; then
		echo "check-$check refuses the good tree:"
		cat "$work/said"
		failed=1
	fi
}

# offends TEXT: the tree as it stands now is refused, with this in the output.
offends() {
	local rc=0
	run_check || rc=$?
	if [ "$rc" = 0 ]; then
		echo "check-$check does not notice: $1"
		failed=1
	elif ! grep -qF -- "$1" "$work/said"; then
		echo "check-$check does not name: $1; it says:"
		cat "$work/said"
		failed=1
	fi
	make_good
}

# function_of N K: the K-th function, with N lines.
function_of() {
	printf 'int\nf%d(void)\n{\n' "$2"
	seq "$(($1 - 1))" | sed 's/.*/\t;/'
	printf '\treturn 0;\n}\n'
}

floors() {
	echo '#include "hashing/tree.h"' >base/up.c
	offends 'base/up.c:1: "hashing/tree.h" is not on a lower floor'
	echo '#include "daemons/x.h"' >cases/side.c
	offends 'cases/side.c:1: "daemons/x.h" is not on a lower floor'
	echo '#include "sum.h"' >base/near.c
	offends 'base/near.c:1: "sum.h" is not named from the root'
	echo '# include <zlib.h>' >base/pack.c
	offends 'base/pack.c:1: <zlib.h> belongs in base/*_zlib.c'
	echo '#include <openssl/sha.h>' >base/x_openssl.c
	offends '<openssl/sha.h> belongs in hashing/*_openssl.c'
	echo '#include <curses.h>' >cases/screen.h
	offends 'cases/screen.h:1: FLOORS does not name <curses.h>'
	printf 'ex_module(base SOURCES a.c\n  USES hashing)\n' \
	    >base/CMakeLists.txt
	offends 'base/CMakeLists.txt:2: base uses hashing'

	# What lets an include pass, lets it pass.
	echo '#include "daemons/x.h"' >cases/side.c
	echo 'sees cases daemons' >>FLOORS
	accepts
	echo '#include "daemons/x.h"' >cases/side.c
	echo 'allow cases/side.c daemons/x.h for the test' >>FLOORS
	accepts

	# Linking, with programs of the system in the place of ours.
	mkdir bin
	cp "$(type -P sort)" "$(type -P true)" bin/
	args=(bin)
	accepts
	mkdir bin
	cp "$(type -P true)" bin/
	cp "$(type -P openssl)" bin/sort
	offends 'sort: links libssl'
	offends 'bin/true: not built'
}

# The tree as it stands now passes.
accepts() {
	if ! run_check; then
		echo "check-$check refuses what it should accept:"
		cat "$work/said"
		failed=1
	fi
	make_good
}

banned() {
	local name
	for name in strcpy strcat sprintf vsprintf strtok atoi system popen \
	    gets alloca; do
		printf 'int x;\n\ty = %s(a);\n' "$name" >base/bad.c
		offends "base/bad.c:2: $name() is banned"
	done
	printf '/* a comment\n * over lines */ strcpy (a, b);\n' >base/bad.c
	offends 'base/bad.c:2: strcpy() is banned'
	printf '\tf("a \\" b", strcat(a, b), "c");\n' >tests/base/bad.c
	offends 'tests/base/bad.c:1: strcat() is banned'
	printf '{\nagain:\n\tgoto again;\n}\n' >base/bad.c
	offends 'base/bad.c:3: goto again goes back'
	printf '\tsystem(x); /* ALLOW-BANNED: */\n' >base/bad.c
	offends 'base/bad.c:1: system() is banned'
	printf '\tsystem(x); /* ALLOW-BANNED: a reason */\n' >base/bad.c
	accepts
	printf '\tx->my_system(1); p = "popen(x)"; // gets(x)\n' >base/bad.c
	accepts
}

headers() {
	echo 'size_t ex_lost(void);' >base/lost.h
	offends 'base/lost.h: does not compile alone (gcc)'
	echo 'size_t ex_lost(void);' >base/lost.h
	offends 'base/lost.h: does not compile alone (clang-14)'
	echo 'struct ex_two { int n; };' >base/two.h
	offends 'base/two.h: does not compile alone'
}

format() {
	printf 'int\nf(void)\n{\n  return 0;\n}\n' >base/bad.c
	offends base/bad.c
	printf '#ifndef A\n#define A\nint  f(void);\n#endif\n' >hashing/bad.h
	offends hashing/bad.h
}

shape() {
	function_of 121 1 >base/bad.c
	offends 'base/bad.c:3: lines 121, at most 120'
	for i in {1..9}; do function_of 21 "$i"; done >base/bad.c
	offends 'product: median 21, at most 20'
	for i in {1..9}; do function_of 71 "$i"; done >tests/base/bad.c
	offends 'tests: 95% 71, at most 70'
	seq 501 >base/long.h
	offends 'base/long.h: 501 lines, at most 500'
	function_of 120 1 >base/edge.c
	for i in {1..20}; do function_of 20 "$i"; done >base/most.c
	seq 500 >base/long.h
	accepts
}

links() {
	echo '[gone](docs/gone.md)' >>README.md
	offends 'README.md:4: docs/gone.md is not there'
	echo '[gone](gone.md "title")' >>docs/page.md
	offends 'docs/page.md:2: gone.md is not there'
	echo '[no](../README.md#no-such)' >>docs/page.md
	offends 'docs/page.md:2: ../README.md#no-such names no heading'
	echo '[abs](/etc/passwd)' >>docs/page.md
	offends '/etc/passwd is not relative'
	rm README.md docs/page.md
	offends 'no page to check'
	printf '```\n[code](gone.md)\n```\n[rule](#a-title-with-marks)\n' \
	    >>README.md
	accepts
}

shell() {
	printf '#!/bin/sh\nread x\necho "$x" | [[ -n y ]]\n' >base/bad
	offends 'In ./base/bad line 3'
	printf '#!/usr/bin/env bash\nfor f in $(ls *.c); do rm "$f"; done\n' \
	    >base/bad.sh
	offends 'In ./base/bad.sh line 2'
	printf '# shellcheck shell=bash\nunused=1\n' >base/part.sh
	offends 'In ./base/part.sh line 2'
	printf '#!/bin/sh\necho "$1"\n' >base/fine
	accepts
}

names() {
	echo 'see /home/''someone/src' >docs/bad.md
	offends 'docs/bad.md:1:'
	echo 'dir=/root/''src' >base/bad.c
	offends 'base/bad.c:1:'
	echo "/* $work/tree/base/sum.c */" >base/bad.c
	offends 'the path of this tree'
	printf '<<<<''<<< HEAD\n' >base/bad.c
	offends 'an unfinished merge'
	echo '-----BEGIN ''PRIVATE KEY-----' >base/key.pem
	offends 'a private key'
	echo '/* TO''DO: later */' >base/bad.c
	offends 'left undone'
}

args=()
accepts_good
"$check"
[ $failed = 0 ] && echo "check-$check notices every offender"
exit $failed
