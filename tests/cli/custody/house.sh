# house.sh -- a house with its people, and how a test speaks to it.
#
# Sourced by the scripts beside it.  Every command runs the real programs over
# a private database in a folder that goes away with the test.
# shellcheck shell=bash

build=${EXHIBIT_BUILD:?}
PATH=$build/bin:$PATH
export PATH
unset EXHIBIT_AS
# Keys without a PIN open at once: these tests open thousands.
export EXHIBIT_PIN='' LC_ALL=C.UTF-8

dir=$(mktemp -d "${TMPDIR:-/tmp}/exhibit-custody.XXXXXX")
chmod 711 "$dir"
export EXHIBIT_DATA=$dir/house
faults=0
waiting=0 # files that a run which was killed left in DIR/pending
known=   # entries of the log, while nothing was done since

finish() {
	exhibit --quiet down >/dev/null 2>&1 || true
	rm -rf "$dir"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

fault() {
	echo "FAULT: $*" >&2
	sed 's/^/    out: /' "$dir/out" >&2
	sed 's/^/    err: /' "$dir/err" >&2
	faults=$((faults + 1))
}

# try COMMAND...: run it; its status is in $got, its texts in $dir.
try() {
	got=0
	known=
	"$@" >"$dir/out" 2>"$dir/err" || got=$?
}

# ends STATUS COMMAND...: with this status, and no word on standard error.
ends() {
	local want=$1
	shift
	try "$@"
	[ "$got" = "$want" ] || fault "$got, not $want: $*"
	[ ! -s "$dir/err" ] || fault "it complains: $*"
}

# ok, found: what goes well, and what goes well and shows something.
ok() { ends 0 "$@"; }
found() { ends 1 "$@"; }

# needs COMMAND...: as ok, but the rest of the test rests on it.
needs() {
	local before=$faults
	ok "$@"
	[ "$faults" = "$before" ] || exit 1
}

# says TEXT: the last command's output has it.
says() { grep -qF -- "$1" "$dir/out" || fault "it does not say \"$1\""; }

# Value of a jq filter over the last command's summary.
value() { tail -n 1 "$dir/out" | jq -r "$1" || true; }

# is FILTER VALUE: of the last command's summary.
is() {
	local have
	have=$(value "$1")
	[ "$have" = "$2" ] || fault "$1 is \"$have\", not \"$2\""
}

# Entries of the log.
size() { exhibit --json status | tail -n 1 | jq .size; }

# says_no STATUS TEXT COMMAND...: in one line that has TEXT.
says_no() {
	local want=$1 text=$2
	shift 2
	try "$@"
	[ "$got" = "$want" ] || fault "$got, not $want: $*"
	[ "$(wc -l <"$dir/err")" = 1 ] || fault "not one line: $*"
	grep -qF -- "$text" "$dir/err" || fault "it does not say \"$text\": $*"
}

# Files in DIR/pending.
pending() { find "$EXHIBIT_DATA/pending" -type f 2>/dev/null | wc -l; }

# nothing_new ENTRIES WHAT: the log has as many, and nothing more is pending.
nothing_new() {
	known=$(size)
	[ "$known" = "$1" ] || fault "it left an entry: $2"
	[ "$(pending)" = "$waiting" ] || fault "it left something pending: $2"
}

# refused STATUS TEXT COMMAND...: both.
refused() {
	local before=${known:-$(size)}
	says_no "$@"
	shift 2
	nothing_new "$before" "$*"
}

# state ITEM: as the log has it.
state() { exhibit --json item show "$1" | tail -n 1 | jq -r .state; }

# in_state ITEM STATE
in_state() {
	local have
	have=$(state "$1")
	[ "$have" = "$2" ] || fault "$1 is $have, not $2"
}

# leaf ITEM ACT: of the item's newest entry of this act.
leaf() {
	exhibit --json item history "$1" | tail -n 1 | jq -r --arg act "$2" \
	    '[.entries[] | select(.action == $act)][-1].leaf'
}

# sql STATEMENT: with an owner's rights, past all programs.
sql() {
	local psql user as=()
	psql=$(find /usr/lib/postgresql -name psql | sort | tail -n 1)
	user=$(exhibit --json status | tail -n 1 | jq -r .service_user)
	[ "$user" = "$(id -un)" ] || as=(runuser -u "$user" --)
	(cd / && "${as[@]}" "$psql" -h "$(cat "$EXHIBIT_DATA/pg.socket")" -U exhibit_root -d exhibit \
	    -qAtc "$1")
}

# custody ACT WHO ITEM...: the act's word is kept in $dir/words.
custody() {
	local act=$1 who=$2
	shift 2
	echo "$act" >>"$dir/words"
	exhibit custody "$act" "$@" --as "$who"
}

person() {
	needs exhibit person add "$1" --org "$2" --role "$3" --name-en "$1" \
	    --name-zh 範例
	needs exhibit key new "$1" --person "$1"
}

people() {
	needs exhibit init --name-en Laboratory --name-zh 實驗室
	needs exhibit org add PD --kind police_unit --name-en Police
	needs exhibit org add PO --kind prosecutors_office --name-en Office
	needs exhibit org add EXT --kind external_lab --name-en External
	needs exhibit org add POST --kind courier --name-en Courier
	needs exhibit location add VAULT --kind vault
	needs exhibit location add SHELF --kind vault --in VAULT
	needs exhibit location add BENCH --kind workbench --name-en Bench
	needs exhibit location add COUNTER --kind court
	person officer PD investigator
	person keeper LAB evidence_custodian
	person keeper2 LAB evidence_custodian
	person examiner LAB examiner
	person examiner2 LAB examiner
	person head LAB lab_head,duty_officer
	person prosecutor PO prosecutor
	person expert EXT examiner
	person courier POST courier
}

# A case that all of them may see.
open_case() {
	needs exhibit case open "$1" --as officer --title "A title" \
	    --authority "warrant:W-$1"
	for org in LAB PO EXT POST; do
		needs exhibit case grant "$1" --to "$org" --as officer
	done
}

# announce CASE ITEM...: each under the seal S-ITEM.
announce() {
	local case=$1
	shift
	{
		echo item,seal
		for item in "$@"; do echo "$item,S-$item"; done
	} >"$dir/list.csv"
	needs exhibit item announce "$case" --list "$dir/list.csv" \
	    --as officer --kind physical_medium --description "A disk" \
	    --seizure-record R-1
}

# What an item goes through, one step each; its seal is S-ITEM.
receive() {
	needs custody receive keeper "$1" --with officer --seal "S-$1" \
	    --seal-state intact --condition clean
}
store() { needs custody store keeper "$1" --location VAULT; }
check_out() {
	needs custody check-out keeper "$1" --with examiner --purpose imaging
}
open_up() {
	needs custody seal-break examiner "$1" --seal "S-$1" \
	    --seal-state intact --reason imaging
}

# to STATE ITEM: bring an announced item there.
to() {
	case $1 in
	ANNOUNCED) ;;
	RECEIVED) receive "$2" ;;
	IN_STORE) to RECEIVED "$2" && store "$2" ;;
	CHECKED_OUT) to IN_STORE "$2" && check_out "$2" ;;
	OPENED) to CHECKED_OUT "$2" && open_up "$2" ;;
	IN_TRANSIT)
		to IN_STORE "$2"
		needs custody transfer-offer keeper "$2" --to prosecutor \
		    --method in_person
		;;
	AT_COURT)
		to IN_TRANSIT "$2"
		needs custody transfer-accept prosecutor "$2" \
		    --seal "S-$2" --seal-state intact --condition clean \
		    --location COUNTER
		;;
	TRANSFERRED_OUT)
		to IN_TRANSIT "$2"
		needs custody transfer-accept prosecutor "$2" \
		    --seal "S-$2" --seal-state intact --condition clean \
		    --location COUNTER --final
		;;
	AT_EXTERNAL)
		to IN_STORE "$2"
		needs custody transfer-offer keeper "$2" --to expert \
		    --method courier --tracking T-1
		needs custody transfer-accept expert "$2" --seal "S-$2" \
		    --seal-state intact --condition clean --location COUNTER
		;;
	HELD_BY_OTHER)
		to IN_STORE "$2"
		needs custody entrust keeper "$2" --with expert --order O-1
		;;
	MISSING)
		to IN_STORE "$2"
		needs custody missing keeper "$2" --reason "not on its shelf"
		;;
	RETURNED)
		to IN_STORE "$2"
		: >"$dir/form"
		needs custody return keeper "$2" \
		    --party "owner@PD:owner:paper:$dir/form"
		;;
	DISPOSED)
		to IN_STORE "$2"
		needs custody dispose-approve head "$2" --order O-1
		needs custody dispose-done keeper "$2" --witness examiner
		;;
	esac
	in_state "$2" "$1"
}

done_testing() {
	[ "$faults" = 0 ] || {
		echo "$faults faults" >&2
		exit 1
	}
	echo "no faults"
}
