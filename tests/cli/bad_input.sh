#!/bin/bash
# bad_input.sh -- whatever is wrong with what a person gives: one clear line,
# the exit status of exhibit(1), and nothing half-done left behind.
#
# Over a real house with one disk that is opened and waits to be imaged.
set -euo pipefail

tmp=$(mktemp -d "${TMPDIR:-/tmp}/exhibit-bad.XXXXXX")
chmod 711 "$tmp"
export PATH=$EXHIBIT_BUILD/bin:$PATH
export EXHIBIT_DATA=$tmp/house EXHIBIT_PIN=right LC_ALL=C.UTF-8
unset EXHIBIT_AS
mounted=()

finish() {
	local place
	exhibit --quiet down >/dev/null 2>&1 || true
	for place in "${mounted[@]}"; do umount "$place"; done
	rm -rf "$tmp"
}
trap finish EXIT

failures=0
wrong() {
	echo "FAIL: $*"
	failures=$((failures + 1))
}

# How many entries the log holds, and what lies about.
entries() { exhibit --json log show | tail -n 1 | jq '.entries | length'; }
remains() {
	find "$EXHIBIT_DATA/vault" "$EXHIBIT_DATA/pending" "$tmp/copies" \
	    ! -type d 2>/dev/null | sort
}

# refuse STATUS TEXT COMMAND...: it ends so, with one line that holds TEXT;
# neither the log nor the vault has anything new.
refuse() {
	local status=$1 text=$2 got=0 before after
	shift 2
	before=$(entries; remains)
	"$@" >"$tmp/out" 2>"$tmp/err" </dev/null || got=$?
	after=$(entries; remains)
	echo "$* -> $got $(cat "$tmp/err")"
	[ "$got" = "$status" ] || wrong "exit status $got, not $status: $*"
	[ "$(wc -l <"$tmp/err")" = 1 ] || wrong "not one line: $(cat "$tmp/err")"
	grep -qiE -- "$text" "$tmp/err" || wrong "it does not say \"$text\""
	[ "$before" = "$after" ] || wrong "something is left: $after"
}

make_house() {
	exhibit init
	exhibit org add PD --kind police_unit --name-en "Sample Police"
	exhibit location add VAULT-1 --kind vault
	local person
	for person in officer:PD:investigator custodian:LAB:evidence_custodian \
	    examiner:LAB:examiner; do
		IFS=: read -r id org role <<<"$person"
		exhibit person add "$id" --org "$org" --role "$role" \
		    --name-en "Sample $id"
		exhibit key new "$id" --person "$id"
	done
	exhibit case open C-1 --as examiner --title Sample \
	    --authority warrant:W-1
	exhibit case grant C-1 --to PD --as examiner
	exhibit item announce C-1 EXH-1 --as officer --kind physical_medium \
	    --description disk --seizure-record R-1 --seal S-1
	exhibit item announce C-1 EXH-2 --as officer --kind physical_medium \
	    --description disk --seizure-record R-2 --seal S-2
	exhibit custody receive EXH-1 --as custodian --with officer \
	    --seal S-1 --seal-state intact --condition good
	exhibit custody check-out EXH-1 --as custodian --with examiner \
	    --purpose imaging
	exhibit custody seal-break EXH-1 --as examiner --seal S-1 \
	    --seal-state intact --reason imaging
}

# What acquire is given to read.
sources() {
	mkdir "$tmp/copies" "$tmp/folder"
	: >"$tmp/empty"
	mkfifo "$tmp/pipe"
	head -c 3000000 /dev/urandom >"$tmp/disk"
	cp "$tmp/disk" "$tmp/copies/EXH-1-I1.E01"

	refuse 2 "no such source" exhibit acquire EXH-1 "$tmp/nothing" --as examiner
	refuse 2 "empty" exhibit acquire EXH-1 "$tmp/empty" --as examiner
	refuse 64 "by what right" exhibit acquire EXH-1 "$tmp/empty" \
	    --credential "a code" --as examiner
	refuse 2 "folder|directory" \
	    exhibit acquire EXH-1 "$tmp/folder" --as examiner
	refuse 2 "pipe|neither" exhibit acquire EXH-1 "$tmp/pipe" --as examiner
	refuse 2 "neither|device" exhibit acquire EXH-1 /dev/null --as examiner
	refuse 2 "destination|image" exhibit acquire EXH-1 \
	    "$tmp/copies/EXH-1-I1.E01" --to "$tmp/copies" --as examiner
	if [ "$(id -u)" != 0 ]; then
		cp "$tmp/disk" "$tmp/locked"
		chmod 000 "$tmp/locked"
		refuse 2 "permission" \
		    exhibit acquire EXH-1 "$tmp/locked" --as examiner
	fi
	running_system
}

# The disk that this system runs from.
running_system() {
	local disk
	disk=$(findmnt -n -o SOURCE /)
	if [ -b "$disk" ]; then
		refuse 2 "mounted|running|permission" \
		    exhibit acquire EXH-1 "$disk" --as examiner
	else
		echo "(no disk under /: the mounted source is not tried)"
	fi
}

# A destination that is too small, a folder that is none.
destinations() {
	mkdir "$tmp/small"
	refuse 2 "no such|not a folder|folder" exhibit acquire EXH-1 \
	    "$tmp/disk" --to "$tmp/disk" --as examiner
	if mount -t tmpfs -o size=1m none "$tmp/small" 2>/dev/null; then
		mounted+=("$tmp/small")
		refuse 2 "space" exhibit acquire EXH-1 "$tmp/disk" \
		    --to "$tmp/small" --as examiner
		[ -z "$(ls -A "$tmp/small")" ] || wrong "left on the full disk"
	else
		echo "(no mount here: the full disk is not tried)"
	fi
}

# No more room in the middle of it: told, signed as failed, nothing kept.
no_room() {
	local status=0
	(
		ulimit -f 1024
		exhibit acquire EXH-1 "$tmp/disk" --as examiner
	) >"$tmp/out" 2>"$tmp/err" || status=$?
	cat "$tmp/out" "$tmp/err"
	[ "$status" = 2 ] || wrong "no room: exit status $status, not 2"
	grep -qE 'result +failed' "$tmp/out" || wrong "no room is not told"
	grep -q 'was not written' "$tmp/out" || wrong "the reason is not told"
	if remains | grep -vF "$tmp/copies"; then
		wrong "that is left"
	fi
	[ "$(exhibit --json item show EXH-1 --as examiner | tail -n 1 |
	    jq -r .state)" = OPENED ] || wrong "the item is not OPENED again"
}

acts() {
	refuse 2 "EXH-9" exhibit custody store EXH-9 --as custodian \
	    --location VAULT-1
	refuse 2 "OPENED|opened" exhibit custody store EXH-1 --as custodian \
	    --location VAULT-1
	refuse 2 "OPENED|opened" exhibit custody transfer-offer EXH-1 \
	    --as examiner --to officer --method in_person
	refuse 2 "custodian" exhibit custody receive EXH-2 --as examiner \
	    --with officer --seal S-2 --seal-state intact --condition good
	refuse 64 "two persons" exhibit custody check-in \
	    EXH-1 --as examiner --with examiner --seal S-1 \
	    --seal-state intact --location VAULT-1
	refuse 2 "C-9" exhibit case show C-9 --as examiner
	refuse 2 "EXH-9-I1" exhibit verify EXH-9-I1
	refuse 2 "no such key|nobody" exhibit custody store EXH-2 --as nobody \
	    --location VAULT-1
}

pins() {
	export EXHIBIT_PIN=wrong
	refuse 2 "PIN" exhibit custody store EXH-2 --as custodian \
	    --location VAULT-1
	unset EXHIBIT_PIN
	echo wrong >"$tmp/pin"
	refuse 2 "PIN" exhibit --pin-file "custodian=$tmp/pin" custody store \
	    EXH-2 --as custodian --location VAULT-1
	refuse 2 "PIN" exhibit --json custody store EXH-2 --as custodian \
	    --location VAULT-1
	tail -n 1 "$tmp/out" | jq -e '.exit == 2 and .error.code == "pin"' \
	    >/dev/null || wrong "the summary: $(cat "$tmp/out")"
	export EXHIBIT_PIN=right
}

words() {
	refuse 64 "fly" exhibit fly
	refuse 64 "fly" exhibit custody fly EXH-1 --as examiner
	refuse 64 "fly" exhibit custody store EXH-1 --fly 1 --as custodian
	refuse 64 "--as" exhibit custody store EXH-2 --location VAULT-1
	refuse 64 "location" exhibit custody store EXH-2 --as custodian
	refuse 64 "seal-state|seal_state" exhibit custody receive EXH-2 \
	    --as custodian --with officer --seal S-2 --condition good \
	    --seal-state fine
	refuse 64 "exh-2" exhibit custody store exh-2 --as custodian \
	    --location VAULT-1
	refuse 64 "offset" exhibit --json custody note EXH-2 --as custodian \
	    --note x --occurred 2026-01-01T00:00:00
}

papers() {
	: >"$tmp/there.html"
	refuse 2 "there" exhibit report C-1 --to "$tmp/there.html" --as examiner
	refuse 64 "html" exhibit report C-1 --to "$tmp/r.docx" --as examiner
	mkdir "$tmp/there"
	refuse 2 "there" exhibit bundle C-1 --to "$tmp/there" --as examiner
	refuse 2 "C-9" exhibit report C-9 --to "$tmp/r.html" --as examiner
	[ ! -e "$tmp/r.html" ] || wrong "a report of nothing"
}

# quiet STATUS TEXT COMMAND...: as refuse, where there is no log to ask.
quiet() {
	local status=$1 text=$2 got=0
	shift 2
	"$@" >"$tmp/out" 2>"$tmp/err" </dev/null || got=$?
	echo "$* -> $got $(cat "$tmp/err")"
	[ "$got" = "$status" ] || wrong "exit status $got, not $status: $*"
	[ "$(wc -l <"$tmp/err")" = 1 ] || wrong "not one line: $(cat "$tmp/err")"
	grep -qiE -- "$text" "$tmp/err" || wrong "it does not say \"$text\""
}

database() {
	quiet 2 "exhibit init" exhibit -C "$tmp/none" status
	[ ! -e "$tmp/none" ] || wrong "a folder where there was none"
	quiet 2 "reach|connect|socket" exhibit -C "$tmp/other" init \
	    --database "host=$tmp dbname=nothing"
	exhibit down
	mv "$EXHIBIT_DATA/pg" "$EXHIBIT_DATA/pg.away"
	quiet 2 "database" exhibit custody store EXH-2 --as custodian \
	    --location VAULT-1
	quiet 2 "database" exhibit log verify
	mv "$EXHIBIT_DATA/pg.away" "$EXHIBIT_DATA/pg"
}

make_house >"$tmp/made" 2>&1 || { cat "$tmp/made"; exit 1; }
sources
destinations
no_room
acts
pins
words
papers
database

# After all of it the house is what it was.
exhibit log verify >"$tmp/verify" || [ $? = 3 ] || {
	cat "$tmp/verify"
	wrong "log verify"
}
[ "$failures" = 0 ] || { echo "$failures failures"; exit 1; }
