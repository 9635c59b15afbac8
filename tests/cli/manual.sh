#!/bin/bash
# manual.sh -- every program has a page, and mandoc has nothing to say of any.
set -euo pipefail

pages=("$EXHIBIT_SOURCE"/man/*.[18] "$EXHIBIT_BUILD/man/exhibit.1")
rc=0

for program in "$EXHIBIT_BUILD"/bin/exhibit*; do
	name=$(basename "$program")
	case " ${pages[*]} " in
	*/"$name".[18]\ *) ;;
	*)
		echo "$name has no page"
		rc=1
		;;
	esac
done

# Pages that refer to each other are not installed here.
for page in "${pages[@]}"; do
	if mandoc -T lint -W style "$page" |
	    grep -vE 'referenced manual not found|lacks .* entry, run makewhatis'
	then
		rc=1
	fi
done
exit $rc
