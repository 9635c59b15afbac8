# shellcheck shell=bash
# media.sh -- what the samples' make.sh share; to be sourced.
#
# Nothing here needs root, a loop device or the clock: whatever a tool would
# take from the machine (time, zone, configuration, random numbers) is given.

set -euo pipefail
export LC_ALL=C.UTF-8 TZ=Asia/Taipei
export MTOOLSRC=/dev/null MTOOLS_SKIP_CHECK=1
export PATH=$PATH:/usr/sbin:/sbin

# at WHEN COMMAND...: to the tools it is that moment, local time.
at() {
	local epoch
	epoch=$(date -d "$1" +%s)
	shift
	SOURCE_DATE_EPOCH=$epoch E2FSPROGS_FAKE_TIME=$epoch "$@"
}

# noise SEED BYTES: what no compressor makes smaller, always the same.
noise() {
	head -c "$2" /dev/zero | openssl enc -aes-128-ctr -nosalt \
	    -K "$(printf '%032x' "$1")" -iv 00000000000000000000000000000000
}

# rows SEED N FORMAT: N lines of N's number and three readings, 0 to 999.
rows() {
	awk -v seed="$1" -v n="$2" -v format="$3" '
	# A generator of our own: rand() differs from one awk to the next.
	function next_number() {
		seed = (seed * 16807) % 2147483647
		return seed % 1000
	}
	BEGIN {
		for (i = 1; i <= n; i++) {
			a = next_number()
			b = next_number()
			c = next_number()
			printf format "\n", i, a, b, c
		}
	}'
}

# fat_put IMAGE WHEN PATH: standard input as a file written at that moment.
fat_put() {
	local file=$work/put
	cat >"$file"
	touch -d "$2" "$file"
	at "$2" mcopy -m -i "$1" "$file" "::$3"
}

fat_mkdir() { at "$2" mmd -i "$1" "::$3"; }
fat_delete() { at "$2" mdel -i "$1" "::$3"; }

# The place for what is made, and one for what is made on the way.
begin() {
	out=${1:?usage: make.sh DIR}
	mkdir -p "$out"
	work=$(mktemp -d "$out/.making.XXXXXX")
	trap 'rm -rf "$work"' EXIT
}

# The packages whose versions can change a byte of the result.
tools() {
	dpkg-query -W -f '# made with ${Package} ${Version}\n' \
	    dosfstools e2fsprogs fdisk mtools
}
