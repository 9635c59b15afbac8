# banned.awk -- see check-banned.  Usage: awk -f banned.awk SOURCE...

function complain(text)
{
	print FILENAME ":" FNR ": " text
	faults++
}

# The line without comments and with empty literals.
function code_of(line, code, mark, literal)
{
	code = ""
	while (line != "") {
		if (comment) {
			if (!(mark = index(line, "*/")))
				return code
			line = substr(line, mark + 2)
			comment = 0
			continue
		}
		if (!match(line, /\/\*|\/\/|"|\047/))
			return code line
		mark = substr(line, RSTART, RLENGTH)
		code = code substr(line, 1, RSTART - 1)
		line = substr(line, RSTART + RLENGTH)
		if (mark == "//")
			return code
		if (mark == "/*") {
			comment = 1
			code = code " "
			continue
		}
		literal = mark == "\"" ? \
		    "^([^\"\\\\]|\\\\.)*\"" : "^([^\047\\\\]|\\\\.)*\047"
		line = match(line, literal) ? substr(line, RLENGTH + 1) : ""
		code = code mark mark
	}
	return code
}

function calls(code, name)
{
	while (match(code, /[A-Za-z_][A-Za-z0-9_]*[ \t]*\(/)) {
		name = substr(code, RSTART, RLENGTH)
		sub(/[ \t]*\($/, "", name)
		code = substr(code, RSTART + RLENGTH)
		if (name in banned)
			complain(name "() is banned")
	}
}

function jumps(code, name)
{
	if (code ~ /^[{}]/)
		split("", label)
	if (code ~ /^[a-z_0-9]+:[ \t]*$/) {
		sub(/:.*/, "", code)
		label[code] = 1
	} else if (match(code, /goto [a-z_0-9]+;/)) {
		name = substr(code, RSTART + 5, RLENGTH - 6)
		if (name in label)
			complain("goto " name " goes back")
	}
}

BEGIN {
	n = split("strcpy strcat stpcpy sprintf vsprintf strtok " \
	    "atoi atol atoll atof system popen gets mktemp tmpnam tempnam " \
	    "alloca setjmp longjmp", name, " ")
	for (i = 1; i <= n; i++)
		banned[name[i]] = 1
}

FNR == 1 {
	comment = 0
	split("", label)
}

{
	code = code_of($0)
	if ($0 !~ /ALLOW-BANNED: [^ *]/)
		calls(code)
	jumps(code)
}

END {
	exit faults > 0
}
