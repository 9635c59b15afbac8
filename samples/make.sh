#!/bin/bash
# make.sh DIR -- every sample medium, each in its own folder of DIR.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=${1:?usage: make.sh DIR}
for make in "$here"/*/make.sh; do
	"$make" "$out/$(basename "$(dirname "$make")")"
done
