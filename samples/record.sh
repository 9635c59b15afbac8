#!/bin/bash
# record.sh -- make every sample and write its SHA256SUMS anew.
#
# For whoever changes a sample, or moves to another Debian release.
# shellcheck source=SCRIPTDIR/media.sh
. "$(dirname "$0")/media.sh"
cd "$(dirname "$0")"
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
./make.sh "$made" >/dev/null
for sample in */; do
	(
		tools
		cd "$made/$sample"
		sha256sum -- *.img
	) >"$sample/SHA256SUMS"
done
