// der.js -- DER (X.690): read without tolerance, written by template.
//
// Tags of one byte, definite lengths in their shortest form; nothing else.

const INTEGER = 0x02, BITS = 0x03, OCTETS = 0x04, OID = 0x06, UTC = 0x17,
    GENERALIZED = 0x18, BOOLEAN = 0x01, SEQUENCE = 0x30, SET = 0x31,
    CONTEXT_0 = 0xa0;

// One element at p[at]: { tag, body, whole, next }.
function derAt(p, at) {
	if (at + 2 > p.length || (p[at] & 0x1f) === 0x1f)
		bad("DER: cut short, or a long tag");
	let n = p[at + 1], start = at + 2;
	if (n >= 0x80) {
		const count = n & 0x7f;
		if (count === 0 || count > 3 || start + count > p.length)
			bad("DER: an indefinite or too long length");
		n = 0;
		for (let i = 0; i < count; i++)
			n = n * 256 + p[start + i];
		if (n < 0x80 || (count > 1 && n < 2 ** (8 * (count - 1))))
			bad("DER: a length that is not in its shortest form");
		start += count;
	}
	if (start + n > p.length)
		bad("DER: an element past the end");
	return { tag: p[at], body: p.subarray(start, start + n),
	    whole: p.subarray(at, start + n), next: start + n };
}

// The bytes are one element with this tag and nothing behind it.
function derOne(p, tag, what) {
	const e = derAt(p, 0);
	if (e.next !== p.length)
		bad(what + ": bytes behind it");
	return e.tag === tag ? e : bad(what + ": another tag");
}

// All elements that bytes consist of.
function derList(p) {
	const out = [];
	for (let at = 0; at < p.length; at = out[out.length - 1].next)
		out.push(derAt(p, at));
	return out;
}

// Elements with exactly these tags.
function derShape(p, tags, what) {
	const list = derList(p);
	if (list.length !== tags.length ||
	    list.some((e, i) => e.tag !== tags[i]))
		bad(what + ": other elements than it must have");
	return list;
}

function der(tag, ...parts) {
	const body = join(...parts), n = body.length;
	const length = n < 0x80 ? [n] : n < 0x100 ? [0x81, n]
	    : n < 0x10000 ? [0x82, n >> 8, n & 255]
	    : [0x83, n >> 16, (n >> 8) & 255, n & 255];
	return join(Uint8Array.of(tag, ...length), body);
}

// The unsigned value of an INTEGER, as n bytes.
function derUnsigned(body, n, what) {
	if (body.length === 0 || body[0] >= 0x80 ||
	    (body.length > 1 && body[0] === 0 && body[1] < 0x80))
		bad(what + ": negative or not in its shortest form");
	const digits = body[0] === 0 ? body.subarray(1) : body;
	if (digits.length > n)
		bad(what + ": too large");
	return join(new Uint8Array(n - digits.length), digits);
}

// UTCTime to 2049, GeneralizedTime from 2050; seconds since 1970.
function derTime(e) {
	const text = textOf(e.body), year = e.tag === UTC
	    ? (Number(text.slice(0, 2)) < 50 ? "20" : "19") : "";
	const all = year + text;
	if ((e.tag !== UTC && e.tag !== GENERALIZED) || !/^\d{14}Z$/.test(all))
		bad("not a time");
	return secondsOf(all.replace(/^(....)(..)(..)(..)(..)(..)Z$/,
	    "$1-$2-$3T$4:$5:$6.000000Z"));
}
