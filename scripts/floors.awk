# floors.awk -- what every #include of our sources may name; see check-floors.
# Usage: awk -f floors.awk FLOORS SOURCE...

function complain(text)
{
	print FILENAME ":" FNR ": " text
	faults++
}

function glob(pattern)
{
	gsub(/\./, "[.]", pattern)
	gsub(/\*/, "[^/]*", pattern)
	return "^" pattern "$"
}

function folder_of(path)
{
	sub(/\/.*/, "", path)
	return path
}

# The headers of C, POSIX and the kernel are free for all but those that
# FLOORS holds back.
function is_system(header)
{
	return header ~ /^(sys|linux|net|netinet|arpa)\// ||
	    index(system_headers, " " header " ")
}

# The `only` line for a header: exact, or a folder of headers.
function held_back(header, i)
{
	for (i = 1; i <= nonly; i++)
		if (header == only[i] ||
		    (only[i] ~ /\/$/ && index(header, only[i]) == 1))
			return i
	return 0
}

function foreign(header, i, n, k, pattern)
{
	if (folder_of(FILENAME) == "tests")
		return
	i = held_back(header)
	if (i == 0) {
		if (!is_system(header))
			complain("FLOORS does not name <" header ">")
		return
	}
	n = split(where[i], pattern, " ")
	for (k = 1; k <= n; k++)
		if (FILENAME ~ glob(pattern[k]))
			return
	complain("<" header "> belongs in " where[i])
}

function ours(header, from, to)
{
	from = folder_of(FILENAME)
	to = folder_of(header)
	if (from == "tests" || from == to && header ~ /\//)
		return
	if (!(to in floor)) {
		complain("\"" header "\" is not named from the root")
		return
	}
	if (floor[to] < floor[from] || ((from, to) in sees) ||
	    ((FILENAME, header) in allow))
		return
	complain("\"" header "\" is not on a lower floor")
}

BEGIN {
	system_headers = " assert.h complex.h ctype.h dirent.h elf.h " \
	    "endian.h errno.h fcntl.h fenv.h float.h fnmatch.h ftw.h " \
	    "getopt.h glob.h grp.h immintrin.h inttypes.h langinfo.h " \
	    "limits.h locale.h malloc.h math.h netdb.h poll.h pthread.h pwd.h " \
	    "regex.h sched.h semaphore.h setjmp.h signal.h spawn.h " \
	    "stdalign.h stdarg.h stdatomic.h stdbool.h stddef.h stdint.h " \
	    "stdio.h stdlib.h stdnoreturn.h string.h strings.h syslog.h " \
	    "termios.h threads.h time.h uchar.h unistd.h wchar.h wctype.h " \
	    "cpuid.h sysexits.h mntent.h "
}

FILENAME == "FLOORS" {
	if ($1 ~ /^[0-9]+$/)
		floor[$2] = $1
	else if ($1 == "sees")
		sees[$2, $3] = 1
	else if ($1 == "allow")
		allow[$2, $3] = 1
	else if ($1 == "only") {
		only[++nonly] = $2
		sub(/^only[ \t]+[^ \t]+[ \t]+/, "")
		where[nonly] = $0
	}
	next
}

/^[ \t]*#[ \t]*include/ {
	line = $0
	sub(/^[ \t]*#[ \t]*include[ \t]*/, "", line)
	if (line ~ /^</) {
		sub(/^</, "", line)
		sub(/>.*/, "", line)
		foreign(line)
	} else if (line ~ /^"/) {
		sub(/^"/, "", line)
		sub(/".*/, "", line)
		ours(line)
	} else
		complain("an include that cannot be read: " line)
}

END {
	exit faults > 0
}
