#!/bin/bash
# demo.sh -- one seized disk from intake to a report that anyone can check.
#
# Runs the real programs over a private database in a folder of its own.  It
# may be stopped or killed at any moment: started again, it goes on where the
# log says that it stood.  Once it has come to its end, the next run begins
# anew.  EXHIBIT_DEMO names the folder.
set -euo pipefail

source=$(cd "$(dirname "$0")/.." && pwd)
build=${EXHIBIT_BUILD:-$source/build}
demo=${EXHIBIT_DEMO:-/var/tmp/exhibit-demo-$(id -un)}
export PATH=$build/bin:$PATH
export EXHIBIT_DATA=$demo/house
export EXHIBIT_PIN=demonstration-only
unset EXHIBIT_AS

case=DEMO-2026-001
item=EXH-1

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
# What is run, as one would type it.
shown() { printf '  $ %s\n' "$*"; "$@" | sed 's/^/    /'; }
die() { echo "demo: $*" >&2; exit 2; }

# ask JQ COMMAND...: a value out of a command's summary.
ask() {
	local query=$1
	shift
	exhibit --json "$@" | tail -n 1 | jq -r "$query"
}

# times ACT: how often the log holds this act of the item.
times() {
	exhibit --json item history "$item" --as "${2:-examiner}" 2>/dev/null |
	    tail -n 1 | jq -r --arg act "$1" \
	    '[.entries[]? | select(.act == $act)] | length' || echo 0
}

# once ACT N COMMAND...: unless the log holds the item's act N times already.
once() {
	local act=$1 n=$2
	shift 2
	if [ "$(times "$act")" -ge "$n" ]; then
		echo "  (in the log already: $act)"
		return
	fi
	shown "$@"
}

# there NOUN NAME COMMAND...: unless it can be shown already.
there() {
	local noun=$1 name=$2
	shift 2
	if exhibit --quiet "$noun" show "$name" --as admin >/dev/null 2>&1; then
		echo "  (in the log already: $noun $name)"
		return
	fi
	shown "$@"
}

# expect STATUS COMMAND...: it must end with exactly this exit status.
expect() {
	local want=$1 got=0
	shift
	printf '  $ %s\n' "$*"
	"$@" | sed 's/^/    /' || got=${PIPESTATUS[0]}
	[ "$got" = "$want" ] || die "$1 ended with $got instead of $want"
	echo "    (exit status $got)"
}

stop() {
	[ -d "$EXHIBIT_DATA" ] && exhibit --quiet down >/dev/null 2>&1 || true
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
	mkdir -p "$demo"
	if ! [ -e "$demo/medium/disk.img" ]; then
		rm -rf "$demo/medium.new"
		"$source/samples/seized-disk/make.sh" "$demo/medium.new" \
		    >/dev/null
		mv "$demo/medium.new" "$demo/medium"
	fi
}

house() {
	say "A house: directory, private database, keys, first entry of the log"
	shown exhibit init --name-en "Demonstration Laboratory" \
	    --name-zh 示範鑑識實驗室
	there org DEMO-PD exhibit org add DEMO-PD --kind police_unit \
	    --name-en "Demonstration Police" --name-zh 示範警察局
	there org DEMO-PO exhibit org add DEMO-PO --kind prosecutors_office \
	    --name-en "Demonstration Prosecutors Office" \
	    --name-zh 示範地方檢察署
	there location VAULT-1 exhibit location add VAULT-1 --kind vault
	there location BENCH-1 exhibit location add BENCH-1 --kind workbench
	there location COUNTER-PO exhibit location add COUNTER-PO \
	    --kind external

	say "Four people, each with a key of their own"
	person officer DEMO-PD investigator "Sample Officer" 範例員警
	person custodian LAB evidence_custodian "Sample Custodian" 範例保管員
	person examiner LAB examiner "Sample Examiner" 範例鑑識員
	person prosecutor DEMO-PO prosecutor "Sample Prosecutor" 範例檢察官
}

person() {
	there person "$1" exhibit person add "$1" --org "$2" --role "$3" \
	    --name-en "$4" --name-zh "$5"
	there key "$1" exhibit key new "$1" --person "$1"
}

intake() {
	say "A case, and a disk announced for it"
	if ! exhibit --quiet case show $case --as examiner >/dev/null 2>&1; then
		shown exhibit case open $case --as examiner \
		    --title "Ransomware at a sample water works (fictitious)" \
		    --prosecutor prosecutor --authority warrant:DEMO-W-17
	fi
	shown exhibit case grant $case --to DEMO-PD --as examiner
	once announce 1 exhibit item announce $case $item --as officer \
	    --kind physical_medium --description "Disk of a workstation" \
	    --seizure-record DEMO-S-17/1 --maker Sample --model "Disk 64" \
	    --serial SN-0001 --seal S-1001

	say "Received under seal, both sign; stored; checked out; seal broken"
	once receive 1 exhibit custody receive $item --as custodian \
	    --with officer --seal S-1001 --seal-state intact \
	    --condition "clean, no damage seen" --serial SN-0001
	once store 1 exhibit custody store $item --as custodian \
	    --location VAULT-1
	once check_out 1 exhibit custody check-out $item --as custodian \
	    --with examiner --purpose imaging
	once seal_break 1 exhibit custody seal-break $item --as examiner \
	    --seal S-1001 --seal-state intact --reason imaging
}

imaging() {
	say "Imaged and hashed in one pass, then read back in the jail"
	if [ "$(times acquire_end)" -lt 1 ]; then
		if [ "$(ask .state item show $item --as examiner)" = ACQUIRING ]
		then
			shown exhibit acquire $item --abandon --as examiner \
			    --reason "the demonstration was interrupted"
		fi
	fi
	if [ "$(ask '.images | length' item show $item --as examiner)" = 0 ]
	then
		shown exhibit acquire $item "$demo/medium/disk.img" \
		    --as examiner
	fi
	image=$(ask '.images[-1]' item show $item --as examiner)
	once_image verify 1 exhibit verify "$image" --as examiner

	say "Sealed again, checked in, handed over with both signatures"
	once seal_apply 1 exhibit custody seal-apply $item --as examiner \
	    --seal S-1002
	once check_in 1 exhibit custody check-in $item --as examiner \
	    --with custodian --seal S-1002 --seal-state intact \
	    --location VAULT-1
	once offer_transfer 1 exhibit custody transfer-offer $item \
	    --as custodian --to prosecutor --method in_person
	once accept_transfer 1 exhibit custody transfer-accept $item \
	    --as prosecutor --seal S-1002 --seal-state intact \
	    --condition "clean, no damage seen" --location COUNTER-PO
}

# As once, of the image's own history.
once_image() {
	local item=$image
	once "$@"
}

paper() {
	say "Checkpoint, report in two languages, bundle for a stranger"
	shown exhibit log checkpoint
	expect 3 exhibit log verify --policy "$EXHIBIT_DATA/trust/policy" \
	    --roots "$EXHIBIT_DATA/trust/roots.pem" --receipts \
	    "$EXHIBIT_DATA/receipts"
	shown exhibit report $case --to "$demo/report.html" --lang en \
	    --as examiner
	shown exhibit report $case --to "$demo/report-zh.html" --lang zh-TW \
	    --as examiner
	shown exhibit report $case --to "$demo/report.txt" --lang en \
	    --as examiner
	rm -rf "$demo/bundle"
	shown exhibit bundle $case --to "$demo/bundle" --as examiner
}

stranger() {
	say "A stranger checks the bundle: no database, no network"
	expect 3 exhibit-verify "$demo/bundle" \
	    --policy "$EXHIBIT_DATA/trust/policy" \
	    --roots "$EXHIBIT_DATA/trust/roots.pem"

	say "And with stock tools alone"
	expect 0 openssl cms -verify -binary -cades -inform DER \
	    -no-CApath -no-CAstore -CAfile "$EXHIBIT_DATA/trust/roots.pem" \
	    -purpose smimesign -in "$demo/bundle/entries/e0001.p7m" \
	    -out /dev/null
	expect 0 ewfverify -q "$(segment)"
}

segment() {
	ask '.segments[0].path' image show "$image" --as examiner
}

# Flip the byte at an offset of a file.
flip() {
	local byte
	byte=$(xxd -p -s "$2" -l 1 "$1")
	printf "\\x$(printf %02x $((0x$byte ^ 1)))" |
	    dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

harm_image() {
	say "One byte of a copy of the image is changed: found, and named"
	rm -rf "$demo/harmed"
	mkdir "$demo/harmed"
	cp "$(dirname "$(segment)")"/* "$demo/harmed/"
	chmod u+w "$demo/harmed"/*
	local copy
	copy=$demo/harmed/$(basename "$(segment)")
	flip "$copy" $(($(stat -c %s "$copy") / 2))
	expect 1 exhibit verify "$image" --at "$demo/harmed"
}

harm_database() {
	say "One row of a copy of the database is changed: found, and named"
	expect 1 exhibit log verify --database \
	    "$("$source/scripts/harm-copy.sh" "$EXHIBIT_DATA")"
}

finish() {
	: >"$demo/finished"
	say "Where it all lies"
	cat <<-END
	  report   $demo/report.html (report-zh.html, report.txt)
	  bundle   $demo/bundle (begin with VERIFY.txt)
	  image    $(segment)
	  house    $EXHIBIT_DATA

	  Look at it:
	    xdg-open $demo/report.html
	    exhibit-verify $demo/bundle --roots $EXHIBIT_DATA/trust/roots.pem
	    $demo/bundle/verify.sh
	    ewfinfo $(segment)
	    ./dev shell, then: exhibit item history $item --as examiner
	END
}

begin
house
intake
imaging
paper
stranger
harm_image
harm_database
finish
