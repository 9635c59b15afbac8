// note.js -- checkpoints: signed notes of the log and of its witnesses.

const LOG_KEY = 1, WITNESS_KEY = 4;

// "name+hhhhhhhh+base64(type, key)", hhhhhhhh as it must be.
async function readVkey(text) {
	const m = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text);
	const raw = m === null ? [] : fromBase64(m[3]);
	if (raw.length !== 33)
		bad("not a verifier key");
	const id = (await sha256(join(utf8.encode(m[1] + "\n"), raw)))
	    .subarray(0, 4);
	if (hexOf(id) !== m[2])
		bad("a verifier key with another key's id");
	return { name: m[1], id: m[2], type: raw[0], key: raw.subarray(1), text };
}

// Text and signature lines; the last blank line parts them.
function readNote(text) {
	const end = text.lastIndexOf("\n\n");
	if (end < 0 || !text.endsWith("\n"))
		bad("not a signed note");
	const lines = text.slice(end + 2).split("\n").slice(0, -1).map(line => {
		const m = /^\u2014 ([^\s+]+) (\S+)$/.exec(line);
		const raw = m === null ? [] : fromBase64(m[2]);
		if (raw.length <= 4)
			bad("a line behind the blank one is no signature");
		return { name: m[1], id: hexOf(raw.subarray(0, 4)),
		    sig: raw.subarray(4) };
	});
	if (lines.length === 0)
		bad("a note without a signature");
	return { text: text.slice(0, end + 1), lines };
}

// The three lines of a checkpoint.
function readCheckpoint(text) {
	const lines = text.split("\n");
	if (lines.length !== 4 || lines[3] !== "")
		bad("not a checkpoint");
	const root = fromBase64(lines[2]);
	if (lines[0] === "" || root.length !== HASH)
		bad("not a checkpoint");
	return { origin: lines[0], size: numberOf(lines[1]), root };
}

// Can this browser check Ed25519?  With a key of RFC 8032.
async function hasEd25519() {
	const key = fromHex("d75a980182b10ab7d54bfed3c964073a" +
	    "0ee172f3daa62325af021a68f707511a");
	const sig = fromHex("e5564300c360ac729086e2cc806e828a" +
	    "84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b" +
	    "d25bf5f0595bbe24655141438e7a100b");
	try {
		return await verifyEd25519(key, sig, new Uint8Array(0));
	} catch (e) {
		return false;
	}
}

async function verifyEd25519(key, sig, data) {
	const k = await crypto.subtle.importKey("raw", key, "Ed25519", false,
	    ["verify"]);
	return crypto.subtle.verify("Ed25519", k, sig, data);
}

// The time of a witness's line, 0 of the log's; null: no line of this key.
// Bad when its line does not hold.
async function checkLine(note, vkey) {
	const line = note.lines.find(l =>
	    l.name === vkey.name && l.id === vkey.id);
	if (line === undefined)
		return null;
	let data = utf8.encode(note.text), sig = line.sig, time = 0;
	if (vkey.type === WITNESS_KEY) {
		if (sig.length !== 72)
			bad("a cosignature of another length");
		time = Number(BigInt("0x" + hexOf(sig.subarray(0, 8))));
		data = utf8.encode("cosignature/v1\ntime " + time + "\n" +
		    note.text);
		sig = sig.subarray(8);
	}
	if (sig.length !== 64 || !await verifyEd25519(vkey.key, sig, data))
		bad("the line of " + vkey.name + " does not hold");
	return time;
}

// C2SP tlog-policy: { logs, members, quorum, operator }.
async function readPolicy(bytes) {
	const p = { logs: [], members: [], quorum: undefined, operator: "" };
	const find = name => p.members.findIndex(m => m.name === name);
	const known = name => find(name) < 0
	    ? bad("policy: " + name + " is not defined above") : find(name);
	const fresh = name => find(name) < 0 && name !== "none"
	    ? name : bad("policy: " + name + " twice");
	const key = async (text, type) => {
		const k = await readVkey(text);
		return k.type === type ? k : bad("policy: a key of another type");
	};
	for (const line of textOf(bytes).split("\n")) {
		const w = line.trim().split(/[ \t]+/);
		const own = line.startsWith("#exhibit:");
		if (own && w[1] === "operator")
			p.operator = w[2];
		else if (own && w[1] === "organisation")
			p.members[known(w[2])].org = w[3];
		else if (own && w[1] === "monitor")
			p.members[known(w[2])].monitor = true;
		else if (own && w[1] === "until")
			p.members[known(w[2])].until = numberOf(w[3]);
		else if (line.startsWith("#") || line.trim() === "")
			continue;
		else if (w[0] === "log")
			p.logs.push(await key(w[1], LOG_KEY));
		else if (w[0] === "witness")
			p.members.push({ name: fresh(w[1]), org: "",
			    key: await key(w[2], WITNESS_KEY) });
		else if (w[0] === "group")
			p.members.push({ name: fresh(w[1]),
			    of: w.slice(3).map(known),
			    need: w[2] === "any" ? 1 : w[2] === "all"
				? w.length - 3 : numberOf(w[2]) });
		else if (w[0] === "quorum" && p.quorum === undefined)
			p.quorum = w[1] === "none" ? null : known(w[1]);
		else
			bad("policy: not understood: " + line.slice(0, 40));
	}
	if (p.quorum === undefined || p.logs.length === 0)
		bad("policy without a log or a quorum line");
	return p;
}

// Whose lines of the note hold: { log, cosigners, quorum, other }.  A witness
// key that was replaced vouches for no larger tree.
async function askPolicy(p, note, { origin, size }) {
	let log = null;
	for (const k of p.logs)
		if (k.name === origin && await checkLine(note, k) !== null)
			log = k;
	if (log === null)
		bad("no signature of a log that the policy names");
	const met = [], cosigners = [];
	for (const m of p.members) {
		const time = m.key === undefined || size > m.until
		    ? null : await checkLine(note, m.key);
		if (time !== null)
			cosigners.push({ name: m.name, org: m.org,
			    monitor: m.monitor === true, time });
		met.push(m.key !== undefined ? time !== null
		    : m.of.filter(i => met[i]).length >= m.need);
	}
	return { log, cosigners, quorum: p.quorum !== null && met[p.quorum],
	    other: cosigners.some(c => p.operator === "" ||
		c.org !== p.operator) };
}
