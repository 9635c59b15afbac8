#!/bin/bash
# demo.sh -- one seized disk from intake to a report that anyone can check.
#
# Runs the real programs over a private database, in a folder of its own that
# EXHIBIT_DEMO names.  Every command is shown as one would type it, and what
# it answers stands under it.
#
# It may be stopped or killed at any moment: started again, it goes on where
# the log says that it stood.  Once it has come to its end, the next run
# begins anew.
set -euo pipefail

source=$(cd "$(dirname "$0")/.." && pwd)
build=${EXHIBIT_BUILD:-$source/build}
demo=${EXHIBIT_DEMO:-/var/tmp/exhibit-demo-$(id -un)}

export PATH=$build/bin:$PATH
export EXHIBIT_DATA=$demo/house
export EXHIBIT_PIN=demonstration-only # for every key: this is a play
unset EXHIBIT_AS

case=DEMO-2026-001
item=EXH-1
image=$item-I1
disk=$demo/medium/disk.img
policy=$EXHIBIT_DATA/trust/policy
roots=$EXHIBIT_DATA/trust/roots.pem

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
die() { echo "demo: $*" >&2; exit 2; }

# A command as one types it.
typed() {
	local word line='  $'
	for word; do
		[[ $word =~ ^[[:alnum:]_./:=,+@-]+$ ]] || word="'$word'"
		line+=" $word"
	done
	printf '%s\n' "$line"
}

# What it answers, indented; the middle of something long is left out.
answer() {
	awk '{ line[NR] = $0 }
	    END {
		for (i = 1; i <= NR; i++) {
			if (NR <= 24 || i <= 6 || i > NR - 6)
				print "    " line[i]
			else if (i == 7)
				printf "    ... %d lines more ...\n", NR - 12
		}
	    }'
}

# expect STATUS COMMAND...: show it with its answer; it must end so.
expect() {
	local want=$1 got=0
	shift
	typed "$@"
	"$@" 2>&1 | answer || got=${PIPESTATUS[0]}
	[ "$want" = 0 ] || printf '    (exit status %s)\n' "$got"
	[ "$got" = "$want" ] || die "exit status $got instead of $want"
}
run() { expect 0 "$@"; }

# ask JQ-FILTER COMMAND...: something out of a command's JSON summary.
ask() {
	local filter=$1
	shift
	exhibit --json "$@" | tail -n 1 | jq -r "$filter"
}

# logged STREAM ACT: does the log hold such an entry already?
logged() {
	[ "$(ask "[.entries[] | select(.stream == \"$1\" and
	    .action == \"$2\")] | length" log show)" -gt 0 ]
}

# once STREAM ACT COMMAND...: unless an earlier run came so far.
once() {
	if logged "$1" "$2"; then
		echo "  (in the log already: $2 of ${1#*:})"
	else
		run "${@:3}"
	fi
}

# there NOUN NAME COMMAND...: the same, of people and places.
there() {
	if exhibit --quiet "$1" show "$2" >/dev/null 2>&1; then
		echo "  (in the log already: $1 $2)"
	else
		run "${@:3}"
	fi
}

# The other organisation: a key, a folder and a web server of its own.
ministry() { "$source/scripts/vouchers.sh" "$demo/ministry" "$@"; }

stop() {
	[ ! -d "$EXHIBIT_DATA" ] || exhibit --quiet down >/dev/null 2>&1 || true
	[ ! -d "$demo/ministry" ] || ministry stop
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

begin() {
	if [ -e "$demo" ] && ! [ -O "$demo" ]; then
		die "$demo belongs to somebody else; set EXHIBIT_DEMO"
	fi
	if [ -e "$demo/finished" ]; then
		stop
		rm -rf "$demo"
	fi
	# The database of a demo run by root must reach its folder.
	mkdir -p "$demo"
	chmod 711 "$demo"
	# The log of an earlier run may wait for its witness.
	[ ! -e "$demo/ministry/port" ] || ministry start
	if ! [ -e "$demo/medium" ]; then
		rm -rf "$demo/medium.new"
		"$source/samples/seized-disk/make.sh" "$demo/medium.new" \
		    >/dev/null
		mv "$demo/medium.new" "$demo/medium"
	fi
}

house() {
	say "A house: directory, private database, keys, first entry of the log"
	run exhibit init --name-en "Demonstration Laboratory" \
	    --name-zh 示範鑑識實驗室
	if [ -n "$(ls -A "$EXHIBIT_DATA/pending" 2>/dev/null)" ]; then
		echo "  (an earlier run was stopped in the middle of an act)"
		run exhibit pending
	fi
	there org DEMO-PD exhibit org add DEMO-PD --kind police_unit \
	    --name-en "Demonstration Police" --name-zh 示範警察局
	there org DEMO-PO exhibit org add DEMO-PO --kind prosecutors_office \
	    --name-en "Demonstration Prosecutors Office" \
	    --name-zh 示範地方檢察署
	there location VAULT-1 exhibit location add VAULT-1 --kind vault
	there location BENCH-1 exhibit location add BENCH-1 --kind workbench
	there location COUNTER-PO exhibit location add COUNTER-PO \
	    --kind external
}

people() {
	say "Four people, each with a key of their own"
	person officer DEMO-PD investigator "Sample Officer" 範例員警
	person custodian LAB evidence_custodian "Sample Custodian" 範例保管員
	person examiner LAB examiner "Sample Examiner" 範例鑑識員
	person prosecutor DEMO-PO prosecutor "Sample Prosecutor" 範例檢察官
}

# person ID ORG ROLE NAME-EN NAME-ZH
person() {
	there person "$1" exhibit person add "$1" --org "$2" --role "$3" \
	    --name-en "$4" --name-zh "$5"
	there key "$1" exhibit key new "$1" --person "$1"
}

intake() {
	say "A case, and a disk announced for it"
	once "case:$case" case_open exhibit case open $case --as examiner \
	    --title "Extortion at a sample water works (fictitious)" \
	    --prosecutor prosecutor --authority warrant:DEMO-W-17
	once "case:$case" access_grant \
	    exhibit case grant $case --to DEMO-PD --as examiner
	once item:$item announce exhibit item announce $case $item \
	    --as officer --kind physical_medium \
	    --description "Disk of a workstation" \
	    --seizure-record DEMO-S-17/1 --maker Sample --model "Disk 64" \
	    --serial SN-0001 --seal S-1001

	say "Received under seal, both sign; stored; checked out; seal broken"
	once item:$item receive exhibit custody receive $item --as custodian \
	    --with officer --seal S-1001 --seal-state intact \
	    --condition "clean, no damage seen" --serial SN-0001
	once item:$item store exhibit custody store $item --as custodian \
	    --location VAULT-1
	once item:$item check_out exhibit custody check-out $item \
	    --as custodian --with examiner --purpose imaging
	once item:$item seal_break exhibit custody seal-break $item \
	    --as examiner --seal S-1001 --seal-state intact --reason imaging
}

imaging() {
	say "Imaged and hashed in one pass, then read back in a jail"
	if ! logged item:$item acquire_end && logged item:$item acquire_start
	then
		echo "  (an earlier run was stopped while it was imaging)"
		run exhibit acquire $item --abandon --as examiner \
		    --reason "the demonstration was interrupted"
	fi
	image=$(ask '[.images[] | select(.item == "'$item'")][-1].image // ""' \
	    image list)
	if [ -z "$image" ]; then
		run exhibit acquire $item "$disk" --as examiner
		image=$(ask '[.images[] | select(.item == "'$item'")][-1].image' \
		    image list)
	fi
	once "item:$image" verify exhibit verify "$image" --as examiner

	say "Sealed again, checked in, handed over with both signatures"
	once item:$item seal_apply exhibit custody seal-apply $item \
	    --as examiner --seal S-1002
	once item:$item check_in exhibit custody check-in $item --as examiner \
	    --with custodian --seal S-1002 --seal-state intact \
	    --location VAULT-1
	once item:$item offer_transfer exhibit custody transfer-offer $item \
	    --as custodian --to prosecutor --method in_person
	once item:$item accept_transfer exhibit custody transfer-accept $item \
	    --as prosecutor --with custodian --seal S-1002 \
	    --seal-state intact --condition "clean, no damage seen" \
	    --location COUNTER-PO
	run exhibit item show $item --as examiner
}

papers() {
	say "Checkpoint of the log; report in two languages; bundle"
	run exhibit log checkpoint
	expect 3 exhibit log verify --policy "$policy" --roots "$roots" \
	    --receipts "$EXHIBIT_DATA/receipts"
	rm -rf "$demo"/report* "$demo"/bundle*
	local form
	for form in pdf html; do
		run exhibit report $case --to "$demo/report.$form" \
		    --lang en --as examiner
		run exhibit report $case --to "$demo/report-zh.$form" \
		    --lang zh-TW --as examiner
	done
	pictures report
	pictures report-zh
	run exhibit report $case --to "$demo/report.txt" --lang en \
	    --as examiner
	run exhibit bundle $case --to "$demo/bundle-before" --as examiner
	expect 3 exhibit-verify "$demo/bundle-before" --policy "$policy" \
	    --roots "$roots"
}

# Who answers is another organisation: here it is played by this machine.
witness() {
	say "A ministry witnesses the log; from now on it cannot be retold"
	if [ ! -e "$demo/ministry/port" ]; then
		rm -rf "$demo/ministry"
		ministry make "$(sed -n 's/^log //p' "$policy")" alone
	fi
	ministry start
	ministry policy >"$demo/policy.json"
	typed exhibit-witness "$demo/ministry/w" serve
	echo "    (behind nginx, with the ministry's own key and memory)"
	once lab:LAB policy_set exhibit policy set "$demo/policy.json"
	run exhibit log cosign
	run exhibit bundle $case --to "$demo/bundle" --as examiner
}

# The pages of a report as pictures, where poppler-utils is there.
pictures() {
	command -v pdftoppm >/dev/null || return 0
	mkdir "$demo/$1-pages"
	pdftoppm -r 80 -png "$demo/$1.pdf" "$demo/$1-pages/page"
}

stranger() {
	say "A stranger checks the bundle: no database, no network"
	run exhibit-verify "$demo/bundle" --policy "$policy" --roots "$roots"

	say "And with tools that everybody has"
	local entry
	run sh "$demo/bundle/verify.sh" "$roots" \
	    "$EXHIBIT_DATA/trust/log.pem"
	entry=$(grep -laF '"action":"receive"' "$demo"/bundle/entries/*.p7m)
	run openssl cms -verify -binary -cades -inform DER -no-CApath \
	    -no-CAstore -CAfile "$roots" -purpose smimesign \
	    -in "$entry" -out "$demo/receive.json"
	run jq -c '{action, seq, fields, who: [.parties[] | .person]}' \
	    "$demo/receive.json"
	run ewfverify -q "$(segment)"
	rm -rf "$demo/export"
	mkdir "$demo/export"
	run ewfexport -q -u -f raw -t "$demo/export/disk" "$(segment)"
	run cmp "$demo/export/disk.raw" "$disk"
	echo "    (the image's bytes are the disk's)"
}

# The first file of the image.
segment() {
	ask '.path + "/" + .segments[0].name' image show "$image"
}

# flip FILE OFFSET: change one bit of one byte.
flip() {
	local byte
	byte=$(xxd -p -s "$2" -l 1 "$1")
	printf '%02x' $((0x$byte ^ 1)) | xxd -r -p |
	    dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

harm_image() {
	say "One byte of a copy of the image is changed: found, and named"
	local copy
	rm -rf "$demo/harmed"
	mkdir "$demo/harmed"
	cp "$(dirname "$(segment)")/$image".* "$demo/harmed/"
	chmod u+w "$demo/harmed"/*
	copy=$demo/harmed/$(basename "$(segment)")
	flip "$copy" $(($(stat -c %s "$copy") / 2))
	cmp "$(segment)" "$copy" | sed 's/^/    /' || true
	expect 1 exhibit verify "$image" --at "$demo/harmed"
}

# The database's own tools, as its owner: nothing stops this.
superuser() {
	psql -X -q -h "$(cat "$EXHIBIT_DATA/pg.socket")" -U exhibit_root "$@"
}

harm_database() {
	say "One row of a copy of the database is changed: found, and named"
	local copy=exhibit_copy socket sql
	socket=$(cat "$EXHIBIT_DATA/pg.socket")
	sql="ALTER TABLE exhibit.entry DISABLE TRIGGER ALL;
	UPDATE exhibit.entry SET entry = decode(replace(encode(entry, 'hex'),
	    encode('S-1001', 'hex'), encode('S-1009', 'hex')), 'hex')
	    WHERE stream = 'item:$item' AND seq = 2;"
	superuser -d postgres -c "DROP DATABASE IF EXISTS $copy" \
	    -c "CREATE DATABASE $copy" 2>/dev/null
	pg_dump -h "$socket" -U exhibit_root exhibit |
	    superuser -d $copy >/dev/null
	echo "  in the copy, the number of the seal in the receipt, as superuser:"
	printf '%s\n' "$sql" | sed 's/^\t*/    /'
	superuser -d $copy -c "$sql"
	expect 1 exhibit log verify \
	    --database "host=$socket user=exhibit_root dbname=$copy"
	superuser -d postgres -c "DROP DATABASE $copy"
}

finish() {
	: >"$demo/finished"
	say "Where it all lies"
	cat <<-END
	  report   $demo/report.pdf (report-zh.pdf; also .html, .txt)
	  bundle   $demo/bundle (begin with VERIFY.txt)
	  image    $(segment)
	  house    $EXHIBIT_DATA

	Look at it:
	  xdg-open $demo/report.pdf
	  less $demo/report.txt
	  exhibit-verify $demo/bundle --policy $policy --roots $roots
	  sh $demo/bundle/verify.sh $roots $EXHIBIT_DATA/trust/log.pem
	  ewfinfo $(segment)
	  ./dev shell, and in it: exhibit item history $item --as examiner

	The first bundle had exit status 3, no fault: every key is known and
	everything agrees, but nobody outside the laboratory had cosigned its
	log.  Since the ministry does, it is 0, for who brings --policy along.
	END
}

begin
house
people
intake
imaging
papers
witness
stranger
harm_image
harm_database
finish
