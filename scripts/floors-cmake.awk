# floors-cmake.awk -- the USES of every ex_module() are on lower floors.
# Usage: awk -f floors-cmake.awk FLOORS FOLDER/CMakeLists.txt...

FILENAME == "FLOORS" {
	if ($1 ~ /^[0-9]+$/)
		floor[$2] = $1
	else if ($1 == "sees")
		sees[$2, $3] = 1
	next
}

FNR == 1 {
	from = FILENAME
	sub(/\/.*/, "", from)
	inside = uses = 0
}

{
	line = $0
	sub(/#.*/, "", line)
	if (line ~ /^ex_module\(/)
		inside = 1
	if (!inside)
		next
	closed = line ~ /\)/
	gsub(/[()]/, " ", line)
	n = split(line, word, " ")
	for (i = 1; i <= n; i++) {
		if (word[i] ~ /^[A-Z]+$/) {
			uses = word[i] == "USES"
		} else if (uses && word[i] in floor &&
		    floor[word[i]] >= floor[from] &&
		    !((from, word[i]) in sees)) {
			print FILENAME ":" FNR ": " from " uses " word[i] \
			    ", which is not on a lower floor"
			faults++
		}
	}
	if (closed)
		inside = uses = 0
}

END {
	exit faults > 0
}
