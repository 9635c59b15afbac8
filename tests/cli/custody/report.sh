#!/bin/bash
# report.sh -- the report on paper: signed, numbered, packed, with photographs;
# what cannot be printed is refused in one line.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/house.sh"

out=$dir/out-of-the-house
mkdir "$out"
people
open_case C-1
announce C-1 EXH-1 EXH-2
receive EXH-1
roots=$EXHIBIT_DATA/trust/roots.pem

report() { exhibit --json --as examiner report "$@"; }

# signed FILE: poppler finds one valid signature over the whole of it, and
# openssl one of its own making, chain and all.
signed() {
	local a b c d
	pdfsig -nocert "$1" >"$dir/pdfsig" 2>&1 || true
	grep -q 'Signature Validation: Signature is Valid' "$dir/pdfsig" ||
	    fault "pdfsig: $(cat "$dir/pdfsig")"
	grep -q 'Total document signed' "$dir/pdfsig" ||
	    fault "not the whole document: $(cat "$dir/pdfsig")"
	grep -q 'ETSI.CAdES.detached' "$dir/pdfsig" || fault "no PAdES"
	read -r a b c d < <(LC_ALL=C grep -aoP \
	    '/ByteRange \[ \K[0-9 ]*(?=\])' "$1")
	[ "$a:$((c + d))" = "0:$(stat -c %s "$1")" ] ||
	    fault "byte range: $a $b $c $d"
	{ head -c "$b" "$1"; tail -c "$d" "$1"; } >"$dir/content"
	dd if="$1" iflag=skip_bytes,count_bytes skip=$((b + 1)) \
	    count=$((c - b - 2)) status=none | xxd -r -p >"$dir/padded.der"
	openssl asn1parse -inform DER -in "$dir/padded.der" \
	    >"$dir/asn1" 2>&1 || true
	head -c "$(awk -F '[ =]+' 'NR == 1 {
	    for (i = 1; i < NF; i++) {
		if ($i == "hl") h = $(i + 1)
		if ($i == "l") l = $(i + 1)
	    }
	    print h + l }' "$dir/asn1")" "$dir/padded.der" >"$dir/sig.der"
	verifies ||
	    fault "openssl does not take it: $(cat "$dir/cms")"
}
verifies() {
	openssl cms -verify -binary -cades -inform DER -in "$dir/sig.der" \
	    -content "$dir/content" -no-CApath -no-CAstore -CAfile "$roots" \
	    -purpose smimesign -out /dev/null 2>"$dir/cms"
}

# -- photographs -----------------------------------------------------------
# A picture of each kind, made from paper.
needs report EXH-2 --to "$out/blank.pdf"
pdftoppm -r 60 -jpeg -f 1 -l 1 -singlefile "$out/blank.pdf" "$dir/photo"
pdftoppm -r 60 -png -f 1 -l 1 -singlefile "$out/blank.pdf" "$dir/shot"
# The same JPEG, which says that it has 10000 times 10000 pixels.
python3 - "$dir/photo.jpg" "$dir/huge.jpg" <<-'END'
	import sys
	b = bytearray(open(sys.argv[1], 'rb').read())
	i = b.index(b'\xff\xc0')
	b[i + 5:i + 9] = (10000).to_bytes(2, 'big') * 2
	open(sys.argv[2], 'wb').write(b)
END
# A PNG of as many, of which only the head is there.
python3 - "$dir/huge.png" <<-'END'
	import sys, zlib, struct
	h = b'IHDR' + struct.pack('>IIBBBBB', 10000, 10000, 8, 2, 0, 0, 0)
	d = b'IDAT' + zlib.compress(b'\0' * 64)
	c = lambda x: struct.pack('>I', len(x) - 4) + x + \
	    struct.pack('>I', zlib.crc32(x))
	open(sys.argv[1], 'wb').write(b'\x89PNG\r\n\x1a\n' + c(h) + c(d))
END
head -c 2000 "$dir/shot.png" >"$dir/cut.png"
echo "this is no photograph" >"$dir/text.jpg"
needs custody photograph keeper EXH-1 --photo "$dir/photo.jpg" \
    --photo "$dir/shot.png" --photo "$dir/huge.jpg" --photo "$dir/huge.png" \
    --photo "$dir/cut.png" --photo "$dir/text.jpg"
ok report EXH-1 --to "$out/photos.pdf"
pdftotext -layout "$out/photos.pdf" "$dir/text"
for photo in photo.jpg shot.png huge.jpg huge.png cut.png text.jpg; do
	sum=$(sha256sum <"$dir/$photo" | cut -d' ' -f1)
	tr -d ' \n' <"$dir/text" | grep -q "$sum" ||
	    fault "no digest of $photo on paper"
done
paper_says() {
	tr -s ' \n' '  ' <"$dir/text" | grep -qF -- "$1" ||
	    fault "the paper does not say \"$1\""
}
paper_says "10000 x 10000 pixels, more than 64 million"
paper_says "neither JPEG nor PNG"
paper_says "a broken PNG"
[ "$(grep -c 'cannot be shown' "$dir/text")" = 4 ] ||
    fault "not four that cannot be shown"
mkdir "$dir/images"
pdfimages -all "$out/photos.pdf" "$dir/images/i"
cmp "$dir/photo.jpg" "$dir"/images/i-*.jpg ||
    fault "the JPEG is not the same, byte for byte"
[ "$(find "$dir/images" -name '*.png' | wc -l)" = 1 ] || fault "no PNG"
signed "$out/photos.pdf"

# -- signature, packing, manifest ------------------------------------------
ok report C-1 --to "$out/one.pdf" --recipient "Sample Court" --purpose trial
is .number R1
is .supersedes null
is .stamped false
signed "$out/one.pdf"
qpdf --check "$out/one.pdf" >"$dir/qpdf" 2>&1 || fault "$(cat "$dir/qpdf")"
[ "$(LC_ALL=C grep -ac '/Type /ObjStm' "$out/one.pdf")" -gt 0 ] ||
    fault "no object streams"
pdfdetach -save 1 -o "$dir/manifest.json" "$out/one.pdf" >/dev/null
sum=$(sha256sum <"$dir/manifest.json" | cut -d' ' -f1)
pdftotext -layout "$out/one.pdf" "$dir/text"
tr -d ' \n' <"$dir/text" | grep -q "$sum" ||
    fault "the manifest's digest is not on the cover"
jq -cS . "$dir/manifest.json" | tr -d '\n' | cmp - "$dir/manifest.json" ||
    fault "the manifest is not canonical"
ok exhibit --json item history case:C-1 --as examiner
[ "$(jq -r '.entries[]' "$dir/manifest.json" |
    grep -c "$(value '.entries[0].leaf')")" = 1 ] ||
    fault "the case's first entry is not in the manifest"
pdftoppm -r 150 -gray -f 1 -l 1 -singlefile "$out/one.pdf" "$dir/cover"
zbarimg -q --raw "$dir/cover.pgm" >"$dir/qr" 2>/dev/null || fault "the code is not read"
printf 'EXHIBIT REPORT\nC-1\nR1\n%s\n' "$sum" | cmp - "$dir/qr" ||
    fault "the code says $(cat "$dir/qr")"
qpdf --json "$out/one.pdf" >"$dir/pdf.json"
for word in '"/Lang": "u:en"' /OutputIntents /AFRelationship /StructTreeRoot \
    /Metadata '"/Marked": true'; do
	grep -qF -- "$word" "$dir/pdf.json" || fault "no $word in the PDF"
done

# Any other byte, and it is another document.
cp "$out/one.pdf" "$dir/flipped.pdf"
printf '\377' | dd of="$dir/flipped.pdf" bs=1 seek=5000 conv=notrunc \
    status=none
cmp -s "$out/one.pdf" "$dir/flipped.pdf" && fault "nothing was flipped"
pdfsig -nocert "$dir/flipped.pdf" 2>&1 |
    grep -q 'Signature is Valid' && fault "pdfsig takes a flipped byte"
signed "$out/one.pdf"
printf '\377' | dd of="$dir/content" bs=1 seek=5000 conv=notrunc status=none
! verifies || fault "openssl takes a flipped byte"

# -- one after the other ---------------------------------------------------
first=$(sha256sum <"$out/one.pdf" | cut -d' ' -f1)
ok report C-1 --to "$out/two.pdf" --recipient "Sample Court" --purpose trial
is .number R2
is .supersedes R1
ok report C-1 --to "$out/other.pdf" --recipient "Sample Counsel"
is .number R3
is .supersedes null
pdftotext -layout "$out/two.pdf" "$dir/text"
paper_says "$(printf 'R1, SHA-256 %s' "${first:0:20}")"
ok exhibit --json item history case:C-1 --as examiner
own='[.entries[] | select(.action == "report" and .stream == "case:C-1")]'
is "${own}[1].fields.supersedes" "$(value "${own}[0].leaf")"

# What changed since the one that the court has.
store EXH-1
ok report C-1 --to "$out/since.pdf" --since R1 --recipient "Sample Court"
pdftotext -layout "$out/since.pdf" "$dir/text"
paper_says "Changes since report R1"
paper_says "EXH-1: received → in store"
ok report C-1 --to "$out/since.txt" --since "${first:0:12}"
says_no 2 "has no report R99" report C-1 --to "$out/no.pdf" --since R99
[ ! -e "$out/no.pdf" ] || fault "a file of what was refused"

# Delivered, and received: by the digest of the file.
ok report EXH-1 --to "$out/delivered.pdf" --recipient prosecutor
sum=$(sha256sum <"$out/delivered.pdf" | cut -d' ' -f1)
ok custody share keeper EXH-1 --to prosecutor --sha256 "$sum"
ok custody share-receipt prosecutor EXH-1 --to prosecutor --sha256 "$sum"
ok report EXH-1 --to "$out/later.txt" --lang en
grep -q "Receipt of what was shared" "$out/later.txt" ||
    fault "the receipt is in no report"
[ "$(grep -c "${sum:0:12}" "$out/later.txt")" -ge 3 ] ||
    fault "delivery and receipt do not name the file"

# -- what cannot be printed ------------------------------------------------
needs exhibit case open C-EMPTY --as officer --title "$(
    printf 'x%.0s' {1..200})"
needs exhibit case grant C-EMPTY --to LAB --as officer
ok report C-EMPTY --to "$out/empty.pdf"
signed "$out/empty.pdf"
pdftotext -layout "$out/empty.pdf" "$dir/text"
paper_says "No exhibit is on record for this case."
tr -d ' \n' <"$dir/text" | grep -q "$(printf 'x%.0s' {1..200})" ||
    fault "the long title is cut"

# A rare character that a font has, words from right to left; and one that
# none has.
needs custody note keeper EXH-1 --note "𠨧 was here; שלום"
ok report EXH-1 --to "$out/rare.pdf" --lang zh-TW
pdftotext "$out/rare.pdf" "$dir/text"
grep -q 𠨧 "$dir/text" || fault "U+20A27 is not on paper"
signed "$out/rare.pdf"
open_case C-2
announce C-2 EXH-3
needs custody note officer EXH-3 --note "$(printf 'a \U10FFFD b')"
says_no 2 "U+10FFFD" report EXH-3 --to "$out/none.pdf"
grep -q "Remarks" "$dir/err" || fault "the field is not named"
[ ! -e "$out/none.pdf" ] || fault "a file of what was refused"
[ "$(leaf EXH-3 report)" = null ] || fault "the refusal left an entry"

# Control characters, the other way round: refused when they are signed, and
# so is a purpose that has them.
says_no 2 "U+202E" report EXH-1 --to "$out/bidi.pdf" \
    --purpose "$(printf 'a\u202eb')"
[ ! -e "$out/bidi.pdf" ] || fault "a file of what was refused"

# A key that was revoked signs no report.
needs exhibit key revoke examiner --reason lost
says_no 2 "revoked" report EXH-1 --to "$out/revoked.pdf"
[ ! -e "$out/revoked.pdf" ] || fault "a file of a key that was revoked"
ok exhibit --json --as prosecutor report C-1 --to "$out/marked.pdf"
pdftotext -layout "$out/marked.pdf" "$dir/text"
grep -q "ended by" "$dir/text" ||
    fault "the revoked key is not marked"

done_testing
