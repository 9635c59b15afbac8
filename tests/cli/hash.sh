#!/bin/bash
# hash.sh -- exhibit hash beside md5sum and its kin and hashdeep: the same
# digests, lists that each reads of the other, names that are not nice.
set -euo pipefail

tmp=$(mktemp -d "${TMPDIR:-/tmp}/exhibit-hash.XXXXXX")
export PATH=$EXHIBIT_BUILD/bin:$PATH LC_ALL=C.UTF-8
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
failures=0
wrong() {
	echo "FAIL: $*"
	failures=$((failures + 1))
}
# ends STATUS COMMAND...: its output in out, its errors in err.
ends() {
	local want=$1 got=0
	shift
	"$@" >"$tmp/out" 2>"$tmp/err" || got=$?
	[ "$got" = "$want" ] && return
	cat "$tmp/out" "$tmp/err"
	wrong "$got, not $want: $*"
}
says() { grep -qF -- "$1" "$tmp/out" || wrong "it does not say \"$1\""; }

mkdir -p t/sub/deep
head -c 3000000 /dev/urandom >t/large
: >t/empty
printf a >t/a
printf b >t/sub/b
printf c >t/sub/deep/c
printf d >t/$'new\nline'
printf e >t/$'re\rturn'
printf f >'t/back\slash'
printf g >t/$'bytes\xff\xfe'
printf h >'t/ space  and, comma'
ln -s a t/link
mkfifo t/pipe

# Every list is the one that coreutils makes, byte for byte.
for alg in md5 sha1 sha256 sha512; do
	ends 0 exhibit hash -r -a $alg t
	LC_ALL=C sort "$tmp/out" >ours
	find t \( -type f -o -type l \) -exec "${alg}sum" {} + |
		LC_ALL=C sort >theirs
	cmp ours theirs || wrong "$alg is another list than ${alg}sum's"
	ends 0 exhibit hash --check theirs
	ends 0 "${alg}sum" --strict --quiet -c ours
done
ends 0 exhibit hash -r -a blake2b t
LC_ALL=C sort "$tmp/out" >ours
ends 0 b2sum --strict --quiet -c ours
ends 0 exhibit hash --check ours -a blake2b

# What is left out is told and is no fault; several digests are tagged.
exhibit hash -r t >/dev/null 2>err || wrong "a pipe is a fault"
grep -q "t/pipe: no file, left out" err || wrong "a pipe is not told"
ends 0 exhibit hash -r -a md5,sha1,sha256 t
cp out tagged
for alg in md5 sha1 sha256; do
	ends 0 "${alg}sum" --quiet -c tagged
done
ends 0 exhibit hash --check tagged
[ "$(exhibit hash --threads 1 -r t 2>/dev/null | sha256sum)" = \
	"$(exhibit hash --threads 8 -r t 2>/dev/null | sha256sum)" ] ||
	wrong "the order depends on the threads"

# coreutils' own words about each file.
ends 0 exhibit hash --check tagged
sha256sum -c theirs >/dev/null 2>&1 || true
exhibit hash -r t 2>/dev/null >list
exhibit hash --check list >ours 2>/dev/null || wrong "its own list fails"
sha256sum -c list >theirs
cmp ours theirs || wrong "a check says other words than sha256sum"

# hashdeep, without names that its format cannot hold.
mkdir h
cp -r t/a t/large t/empty t/sub 't/ space  and, comma' 't/back\slash' h
ends 0 exhibit hash -r -a md5,sha1,sha256 --format hashdeep h
cp out ours.hd
hashdeep -r -l -c md5,sha1,sha256 h >theirs.hd
diff <(grep -v '^[%#]' ours.hd | sort) <(grep -v '^[%#]' theirs.hd | sort) ||
	wrong "another list than hashdeep's"
ends 0 hashdeep -r -l -k ours.hd -a h
ends 0 exhibit hash --check theirs.hd -r h
[ "$(grep -c ': matched$' out)" = 7 ] || wrong "not all are matched"
hashdeep -r -c md5,sha256 h >absolute.hd
ends 0 exhibit hash --check absolute.hd -r ./h/
ends 0 exhibit hash --check theirs.hd

# Moved, known, new, missing, another one.
mv h/a h/moved
cp h/empty h/copy
printf new >h/new
rm h/sub/b
printf X | dd of=h/large bs=1 seek=2000000 conv=notrunc status=none
ends 1 exhibit --json hash --check theirs.hd -r h
[ "$(tail -n 1 out | jq -c .counts)" = '{"differs":1,"known":1,"matched":4,"missing":1,"moved":1,"new":1,"unreadable":0}' ] || {
	tail -n 1 out
	wrong "other counts"
}
ends 1 exhibit hash --check theirs.hd -r h
says "h/moved: moved from h/a"
says "h/copy: known from h/empty"
says "h/large: differs"
says "h/new: new"
says "h/sub/b: missing"
ends 1 exhibit hash --check theirs.hd
says "h/large: FAILED"
says "h/sub/b: FAILED open or read"
says "h/empty: OK"

# DFXML is XML, with every digest in it.
ends 0 exhibit hash -r -a md5,sha256 --format dfxml t
python3 - out t/a <<'P' || wrong "no DFXML"
import hashlib, sys, xml.etree.ElementTree as E
r = E.parse(sys.argv[1]).getroot()
n = {c.tag.split('}')[1] for c in r}
assert n == {'creator', 'fileobject'}, n
f = [x for x in r if x.tag.endswith('fileobject')]
assert len(f) == 11, len(f)
for x in f:
    v = {c.tag.split('}')[1] + c.get('type', ''): c.text for c in x}
    if v['filename'] == 't/a':
        b = open('t/a', 'rb').read()
        assert v['hashdigestmd5'] == hashlib.md5(b).hexdigest()
        assert v['hashdigestsha256'] == hashlib.sha256(b).hexdigest()
        assert v['filesize'] == '1'
P

# What cannot be read is told, the rest is done, and it ends with 2.
ends 2 exhibit hash t/a t/none t
says ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb
grep -q "t/none: No such file" err || wrong "t/none is not told"
grep -q "t: a folder; give -r" err || wrong "t is not told"
if [ "$(id -u)" != 0 ]; then
	chmod 0 t/a
	ends 2 exhibit hash -r t
	ends 2 exhibit hash --check list
	chmod 600 t/a
fi
echo "no list" >bad
ends 2 exhibit hash --check bad
{ cat list; echo "no line of it"; } >bad
ends 2 exhibit hash --check bad
grep -q "1 lines are of no list" err || wrong "a wrong line is not told"
ends 64 exhibit hash
ends 64 exhibit hash --format xml t/a
ends 64 exhibit hash --check list --format gnu

exit $((failures > 0))
