// entry.js -- every entry: encoding, signatures, whose keys, its stream's
// chain, its place in the tree, the texts behind its commitments.

const BODY = ["action", "annuls?", "batch?", "clock", "corrects?", "digests?",
	"fields", "log", "nonce", "occurred_at", "offline?", "parties", "pii",
	"policy", "prev", "schema", "seq", "stream", "time_claimed"];
const SIGNING = ["signed", "station", "service"];
const PROOF_FILE_MAX = 131072, OPENINGS_FILE_MAX = 8388608;

function readBody(bytes) {
	const b = needMembers(readCanonical(bytes), BODY, "body");
	if (b.schema !== "custody-event/v1")
		bad("another schema");
	needMembers(b.stream, ["id", "kind"], "stream");
	needText(b.stream, "id");
	if (!["item", "case", "lab", "release"].includes(b.stream.kind))
		bad("a stream of another kind");
	if (needCount(b, "seq") < 1)
		bad("seq below 1");
	needHex(b, "prev", 32);
	needHex(b, "nonce", 16);
	for (const p of listOf(b, "parties")) {
		if (!SIGNING.includes(get(p, "mode")))
			continue;
		needHex(p, "cert_sha256", 32);
		needCount(p.seen, "size");
		needHex(p.seen, "root", 32);
	}
	return b;
}

function signersOf(body) {
	return listOf(body, "parties").filter(p =>
	    SIGNING.includes(p.mode));
}

// Keys that an entry brings in: [[certificate, person]].
function enrolledBy(body) {
	const f = body.fields, holder = needText;
	switch (body.action) {
	case "genesis":
		return [...listOf(f, "founders").map(x =>
			[needHex(x, "cert_sha256", 32), holder(x, "person")]),
		    ...[...listOf(f, "stations"), ...listOf(f, "services")]
			.map(x => [needHex(x, "cert_sha256", 32),
			    holder(x, "id")])];
	case "key_enrol":
		return [[needHex(f, "cert_sha256", 32), holder(f, "person")]];
	case "rotate":
		return [[needHex(f, "cert_sha256", 32), null]];
	default:
		return [];
	}
}

// Who signed is who the body names, with keys that stood in the log by then.
function checkParties(state, entry, body) {
	const have = entry.signers.map(s => hexOf(s.certSha256)).sort();
	const want = signersOf(body).map(p => p.cert_sha256).sort();
	if (have.join() !== want.join())
		bad("signed by others than the parties of the body");
	if (entry.seconds !== Math.floor(secondsOf(body.time_claimed)))
		bad("signed at another time than the body claims");
	for (const [cert, person] of enrolledBy(body))
		state.keys.set(cert, person ??
		    state.keys.get(body.fields.old_cert));
	for (const p of signersOf(body)) {
		if (!state.keys.has(p.cert_sha256))
			bad("a key that is not enrolled: " +
			    p.cert_sha256.slice(0, 16));
		if (state.keys.get(p.cert_sha256) !== p.person)
			bad("the key of another than " + shown(p.person));
	}
	if (body.action === "key_revoke")
		state.keys.delete(body.fields.cert_sha256);
	if (body.action === "rotate")
		state.keys.delete(body.fields.old_cert);
}

// Does it follow its stream's entry before it?
function checkOrder(state, found, e) {
	const before = state.chains.get(e.stream) ?? { seq: 0,
	    leaf: "0".repeat(64) };
	const where = { n: e.n, file: e.file, stream: e.stream };
	if (e.body.seq <= before.seq)
		return found.fault("chain-twice", { ...where,
		    text: "seq " + e.body.seq + ", " + before.seq });
	if (e.body.seq > before.seq + 1)
		found.fault("chain-gap", { ...where,
		    text: "seq " + before.seq + " … " + e.body.seq });
	else if (e.body.prev !== before.leaf)
		found.fault("chain-prev", { ...where, text: "seq " +
		    e.body.seq });
	state.chains.set(e.stream, { seq: e.body.seq, leaf: e.leafHex });
	return undefined;
}

async function checkProof(state, found, files, e) {
	const path = "proofs/" + entryName(e.n) + ".tlog-proof";
	const where = { n: e.n, file: path, stream: e.stream };
	await found.try("proof", where, async () => {
		const p = readProof(await bytesOf(files, path, PROOF_FILE_MAX));
		e.index = p.index;
		if (state.checkpoint === undefined)
			return;
		if (p.note !== state.noteText) {
			found.fault("proof-checkpoint", where);
			return;
		}
		await checkInclusion(e.leaf, p.index, state.checkpoint.size,
		    p.hashes, state.checkpoint.root);
		e.proven = true;
	});
	if (e.index <= state.lastIndex)
		found.fault("entry-order", where);
	state.lastIndex = e.index;
	for (const p of e.body === undefined ? [] : signersOf(e.body))
		if (e.proven && p.seen.size > e.index)
			found.fault("seen-future", where);
}

async function checkOpening(body, o) {
	needMembers(o, ["path", "salt", "value"], "opening");
	const salt = needHex(o, "salt", 32), path = needText(o, "path");
	const committed = get(body.pii, path);
	if (committed === undefined)
		bad("an opening of no commitment: " + shown(path));
	const text = canonical(["custody-pii/v1", body.nonce, path, salt,
	    needText(o, "value")]);
	if (await sha256Hex(utf8.encode(text)) !== committed)
		bad("another text than was committed to: " + shown(path));
	return path;
}

async function checkOpenings(state, found, files, e) {
	const path = "openings/" + entryName(e.n) + ".json";
	const where = { n: e.n, file: path, stream: e.stream };
	const open = new Set();
	if (files.has(path)) {
		state.openings++;
		const good = await found.try("opening", where, async () => {
			const v = needMembers(readCanonical(await bytesOf(files,
			    path, OPENINGS_FILE_MAX)), ["openings", "schema"],
			    "openings");
			needAscending(listOf(v, "openings").map(o =>
			    get(o, "path")), "openings");
			for (const o of listOf(v, "openings"))
				open.add(await checkOpening(e.body, o));
			return true;
		});
		if (!good)
			return;
	}
	for (const name of Object.keys(e.body.pii)) {
		if (open.has(name))
			continue;
		if (listOf(state.manifest?.withheld, entryName(e.n))
		    .includes(name))
			state.withheld++;
		else
			state.missing.push({ ...where, leaf: e.leafHex,
			    text: name });
	}
}

// Everything about entry n; kept in state.entries.
async function checkEntry(state, found, files, n) {
	const e = { n, file: "entries/" + entryName(n) + ".p7m", stream: "",
	    index: 0, proven: false };
	const bytes = await found.try("entry-unreadable", e, () =>
	    bytesOf(files, e.file, ENTRY_MAX));
	if (bytes === undefined)
		return;
	e.leaf = await leafHash(bytes);
	e.leafHex = hexOf(e.leaf);
	const entry = await found.try("entry-encoding", e, () =>
	    readEntry(bytes));
	e.body = entry === undefined ? undefined
	    : await found.try("entry-body", e, () => readBody(entry.body));
	if (e.body === undefined) {
		await checkProof(state, found, files, e);
		return;
	}
	e.stream = e.body.stream.kind + ":" + e.body.stream.id;
	const holds = await found.try("entry-signature", e, async () => {
		await checkSignatures(entry);
		return true;
	});
	if (holds) {
		state.signatures += entry.signers.length;
		for (const s of entry.signers)
			state.signed.push({ n, cert: s.cert,
			    sha256: hexOf(s.certSha256), at: entry.seconds });
	}
	await found.try("entry-refused", e, () => {
		if (state.checkpoint !== undefined &&
		    e.body.log !== state.checkpoint.origin)
			bad("an entry of another log");
		checkParties(state, entry, e.body);
	});
	checkOrder(state, found, e);
	await checkProof(state, found, files, e);
	await checkOpenings(state, found, files, e);
	state.entries.push(e);
}
