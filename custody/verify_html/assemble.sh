#!/bin/sh
# assemble.sh -- one file of the page's parts:
#   assemble.sh OUT PAGE.html PAGE.css MODULE.js ...
#
# The modules are joined in the order given, in one strict scope.  What may
# run and what may be loaded is said by digest in the page's own policy:
# this script, this style, nothing else, no network.
set -eu
out=$1 page=$2 style=$3
shift 3
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

source_of() {
	printf "'sha256-%s'" "$(openssl dgst -sha256 -binary "$1" | base64)"
}

{
	printf '"use strict";\n(() => {\n'
	cat "$@"
	printf '})();\n'
} >"$tmp/script"
cp "$style" "$tmp/style"
csp="default-src 'none'; script-src $(source_of "$tmp/script");"
csp="$csp style-src $(source_of "$tmp/style");"
csp="$csp base-uri 'none'; form-action 'none'"
if grep -i '</script\|<!--' "$tmp/script"; then
	echo "assemble.sh: this would end the script" >&2
	exit 1
fi

# A whole file in the place of its name; CSP first, it stands in one line.
awk -v csp="$csp" -v dir="$tmp" '
function put(name, line, at) {
	at = index($0, "@" name "@")
	printf "%s", substr($0, 1, at - 1)
	while ((getline line <(dir "/" tolower(name))) > 0)
		print line
	print substr($0, at + length(name) + 2)
}
/@CSP@/ { at = index($0, "@CSP@")
	print substr($0, 1, at - 1) csp substr($0, at + 5); next }
/@STYLE@/ { put("STYLE"); next }
/@SCRIPT@/ { put("SCRIPT"); next }
{ print }' "$page" >"$tmp/page"
mv "$tmp/page" "$out"
