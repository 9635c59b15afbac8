// bytes.js -- bytes, hexadecimal, base64, text; digests by the browser.

// What is wrong with the thing that is looked at; the text is English and
// technical, the page says beside it in two languages what it means.
class Bad extends Error {}

function bad(text) {
	throw new Bad(text);
}

const utf8 = new TextEncoder();

// Text of bytes that are UTF-8 and nothing else.
function textOf(bytes) {
	try {
		return new TextDecoder("utf-8",
		    { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch (e) {
		return bad("not UTF-8");
	}
}

function hexOf(bytes) {
	return Array.from(bytes, b => b.toString(16).padStart(2, "0")).join("");
}

function isHex(text, nbytes) {
	return typeof text === "string" && text.length === 2 * nbytes &&
	    /^[0-9a-f]*$/.test(text);
}

function fromHex(text) {
	const out = new Uint8Array(text.length / 2);
	for (let i = 0; i < out.length; i++)
		out[i] = parseInt(text.slice(2 * i, 2 * i + 2), 16);
	return out;
}

// RFC 4648 base64 with padding; no other form of the same bytes.
function fromBase64(text) {
	let raw;
	try {
		raw = atob(text);
	} catch (e) {
		return bad("not base64");
	}
	if (btoa(raw) !== text)
		bad("not base64 in its one form");
	return Uint8Array.from(raw, c => c.charCodeAt(0));
}

function join(...parts) {
	const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
	let at = 0;
	for (const p of parts) {
		out.set(p, at);
		at += p.length;
	}
	return out;
}

function equal(a, b) {
	return a.length === b.length && a.every((x, i) => x === b[i]);
}

// As memcmp, a shorter one that is a prefix first.
function compare(a, b) {
	for (let i = 0; i < a.length && i < b.length; i++)
		if (a[i] !== b[i])
			return a[i] - b[i];
	return a.length - b.length;
}

async function sha256(bytes) {
	return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

async function sha256Hex(bytes) {
	return hexOf(await sha256(bytes));
}

// A decimal number below 2^53 without leading zeros, else bad.
function numberOf(text) {
	const n = Number(text);
	if (!/^(0|[1-9][0-9]*)$/.test(text) || !Number.isSafeInteger(n))
		bad("not a number: " + text.slice(0, 24));
	return n;
}

// Text that may be shown: what would change its direction, or is no
// character, becomes its code.
function shown(text) {
	const odd = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;
	return text.replace(odd, c =>
	    "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"));
}
