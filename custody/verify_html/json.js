// json.js -- the signed profile of JSON: docs/formats.md, "Body".

const TEXT_REFUSED = new RegExp("[\\u0000-\\u001f\\u007f-\\u009f\\u200e\\u200f" +
    "\\u202a-\\u202e\\u2066-\\u2069\\ufdd0-\\ufdef\\ufffe\\uffff]", "u");
const JSON_DEPTH = 8;

// The one text of a value.
function canonical(v, depth = 0) {
	if (depth > JSON_DEPTH)
		bad("JSON nested too deep");
	if (typeof v === "string") {
		if (TEXT_REFUSED.test(v))
			bad("a character that signed text may not hold");
		return JSON.stringify(v);
	}
	if (Number.isSafeInteger(v) && !Object.is(v, -0))
		return String(v);
	if (Array.isArray(v))
		return "[" + v.map(x => canonical(x, depth + 1)).join() + "]";
	if (v === null || typeof v !== "object")
		bad("JSON that is no text, integer, list or object");
	return "{" + Object.keys(v).sort().map(k => {
		if (!/^[\x20-\x7e]*$/.test(k))
			bad("a key that is not ASCII");
		return JSON.stringify(k) + ":" + canonical(v[k], depth + 1);
	}).join() + "}";
}

// Bytes that are exactly the text of their value: so no key is there twice.
function readCanonical(bytes) {
	const text = textOf(bytes);
	let v;
	try {
		v = JSON.parse(text);
	} catch (e) {
		return bad("not JSON");
	}
	if (canonical(v) !== text)
		bad("not in canonical form");
	return v;
}

function isObject(v) {
	return v !== null && typeof v === "object" && !Array.isArray(v);
}

// Own member of an object, or undefined: never what all objects inherit.
function get(v, key) {
	return isObject(v) && Object.hasOwn(v, key) ? v[key] : undefined;
}

function listOf(v, key) {
	const list = get(v, key);
	return Array.isArray(list) ? list : [];
}

// An object of these members and no other; those ending in "?" may be absent.
function needMembers(v, keys, what) {
	if (!isObject(v))
		bad(what + ": no object");
	const all = keys.map(k => k.replace("?", ""));
	for (const k of Object.keys(v))
		if (!all.includes(k))
			bad(what + ": unknown member " + k);
	for (const k of keys)
		if (!k.endsWith("?") && !Object.hasOwn(v, k))
			bad(what + ": " + k + " is missing");
	return v;
}

function needText(v, key) {
	const text = get(v, key);
	return typeof text === "string" ? text : bad(key + ": no text");
}

function needHex(v, key, nbytes) {
	const text = get(v, key);
	return isHex(text, nbytes) ? text : bad(key + ": no digest");
}

function needCount(v, key) {
	const n = get(v, key);
	return Number.isSafeInteger(n) && n >= 0 ? n : bad(key + ": no number");
}

// Texts in ascending order, each once.
function needAscending(list, what) {
	if (!Array.isArray(list))
		bad(what + ": no list");
	list.forEach((x, i) => {
		if (typeof x !== "string" || (i > 0 && list[i - 1] >= x))
			bad(what + ": twice, out of order or no text");
	});
	return list;
}

// "YYYY-MM-DDTHH:MM:SS.ffffffZ" to seconds since 1970.
function secondsOf(text) {
	const t = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(text)
	    ? Date.parse(text.slice(0, 19) + "Z") : NaN;
	if (Number.isNaN(t) ||
	    new Date(t).toISOString().slice(0, 19) !== text.slice(0, 19))
		bad("not a time: " + text.slice(0, 40));
	return t / 1000;
}
