#!/bin/bash
# challenge.sh -- `exhibit challenge` names what the other side would find:
# a seal that was damaged until it is explained, an imaging without a write
# blocker, a case without an authority.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/house.sh"

# point CODE: the severity and entry of the first point with this code.
point() {
	value "[.points[] | select(.code == \"$1\")][0] |
	    if . then \"\\(.severity) \\(.entry)\" else \"none\" end"
}

# has CODE WANT: such a point is there, or is not ("none").
has() {
	local have
	have=$(point "$1")
	[ "$have" = "$2" ] || fault "$1 is \"$have\", not \"$2\""
}

people
open_case C-1
ok exhibit item announce C-1 H-1 --kind physical_medium --description "A disk" \
    --seizure-record R-1 --seal S-1 --as officer
found custody receive keeper H-1 --with officer --seal S-1 \
    --seal-state damaged --condition "the bag is torn"

# The open finding comes first, with its entry and a cure.
found exhibit --json challenge H-1 --as examiner
is '.points[0].code' finding
is '.points[0].severity' grave
is '.points[0].entry' H-1/2
is '.grave' 1
has no-authority none
has late-start "slight H-1/1"
has file-key "slight "

# The case says the same; what is answered is no point any more.
found exhibit --json challenge C-1 --as examiner
has finding "grave H-1/2"
entry=$(leaf H-1 receive)
ok custody finding-explain keeper H-1 --entry "$entry" \
    --note "torn when it was taken from the van"
ok exhibit --json challenge H-1 --as examiner
has finding none
is '.grave' 0

# In words, in both languages.
ok exhibit challenge H-1 --as examiner
says "late from the paper record"
ok exhibit --lang zh-TW challenge H-1 --as examiner
says "輕微"

# A case without an authority; an image that was not verified is not there.
ok exhibit case open C-2 --title "No warrant" --as officer
ok exhibit case grant C-2 --to LAB --as officer
found exhibit --json challenge C-2 --as examiner
has no-authority "grave "
says_no 2 "C-9" exhibit challenge C-9 --as examiner

done_testing
