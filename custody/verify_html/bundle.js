// bundle.js -- an offline bundle, checked from the outside in: files,
// checkpoint, entries, then what the bundle as a whole must satisfy.  The
// order and the codes are those of custody/bundle_check.c.

const REPORTS = ["report.html", "report.txt", "report.pdf"];

async function readNoteFile(state, found, files) {
	const where = { file: NOTE };
	await found.try("checkpoint", where, async () => {
		const text = textOf(await bytesOf(files, NOTE, 65536));
		state.note = readNote(text);
		state.noteText = text;
		state.checkpoint = readCheckpoint(state.note.text);
	});
	const c = state.checkpoint, m = state.manifest;
	if (c !== undefined && m !== undefined && (m.origin !== c.origin ||
	    m.checkpoint.size !== c.size ||
	    m.checkpoint.root !== hexOf(c.root)))
		found.fault("manifest-checkpoint", { file: MANIFEST });
}

function checkManifest(state, found, numbers) {
	const m = state.manifest, where = { file: MANIFEST };
	if (m === undefined)
		return;
	if (m.counts.entries !== numbers.length ||
	    m.counts.openings !== state.openings)
		found.fault("manifest-counts", where);
	for (const s of state.chains.keys())
		if (!m.streams.includes(s))
			found.fault("stream-extra", { ...where, stream: s });
	for (const s of m.streams)
		if (!state.chains.has(s))
			found.fault("stream-missing", { ...where, stream: s });
}

// The log's key as its entries name it, and the CAs.
function readFoundation(state, found) {
	const first = state.entries.find(e => e.body.action === "genesis");
	if (first === undefined) {
		found.fault("genesis");
		return;
	}
	state.vkey = first.body.fields.log_key;
	state.cas = listOf(first.body.fields, "ca").slice();
	for (const { body } of state.entries) {
		const policy = body.action === "genesis" ||
		    body.action === "policy_set" ? body.fields.policy : null;
		if (body.action === "rotate_log")
			state.vkey = body.fields.log_key;
		if (body.action === "rotate_ca")
			state.cas.push(body.fields.ca);
		if (policy !== null)
			state.cas.push(...listOf(policy, "roots"));
		if (body.action === "key_enrol" && body.fields.ca !== undefined)
			state.issuers.set(body.fields.cert_sha256,
			    body.fields.ca);
	}
}

async function checkLog(state, found, trust) {
	const where = { file: NOTE };
	readFoundation(state, found);
	if (state.checkpoint === undefined)
		return;
	if (!state.ed25519) {
		found.say("unchecked", "no-ed25519", where);
		return;
	}
	if (trust.policy !== undefined) {
		const a = await found.try("policy", where, () => askPolicy(
		    trust.policy, state.note, state.checkpoint));
		if (a === undefined)
			return;
		Object.assign(state, { cosigners: a.cosigners, logKey: a.log,
		    quorum: a.quorum, other: a.other });
		if (!a.quorum)
			found.say("note", "quorum", where);
		if (state.vkey !== undefined && state.vkey !== a.log.text)
			found.fault("log-key", where);
		return;
	}
	await found.try("checkpoint-signature", where, async () => {
		const key = await readVkey(state.vkey ?? "");
		if (key.name !== state.checkpoint.origin)
			bad("the key of another log");
		if (await checkLine(state.note, key) === null)
			bad("no line of the log's key");
		state.logKey = key;
	});
}

// Does consistency/SIZE.txt lead from this root to the checkpoint?
async function checkPrefix(state, files, size, root) {
	const c = state.checkpoint;
	const p = readPrefix(await bytesOf(files, "consistency/" + size + ".txt",
	    PROOF_FILE_MAX));
	if (p.old !== size || p.note !== state.noteText)
		bad("a proof of something else");
	return async () =>
	    checkConsistency(size, c.size, p.hashes, root, c.root);
}

// What the signers had seen are earlier states of this log.
async function checkPrefixes(state, found, files) {
	const c = state.checkpoint, done = new Set();
	for (const e of c === undefined ? [] : state.entries)
		for (const { seen } of signersOf(e.body)) {
			const key = seen.size + " " + seen.root;
			const where = { n: e.n, stream: e.stream,
			    file: "consistency/" + seen.size + ".txt" };
			if (seen.size === 0 || done.has(key))
				continue;
			done.add(key);
			if (seen.size > c.size)
				found.fault("seen-future", where);
			else if (seen.size < c.size) {
				const proof = await found.try("consistency",
				    where, () => checkPrefix(state, files,
					seen.size, fromHex(seen.root)));
				if (proof !== undefined)
					await found.try("seen-root", where,
					    proof);
			} else if (seen.root !== hexOf(c.root))
				found.fault("seen-root", where);
		}
}

// The lines that were stamped are states of this log; the tokens themselves
// this page cannot check.
async function checkStamps(state, found, files) {
	const stamps = [...files.keys()].filter(p => p.endsWith(".tsr"));
	const c = state.checkpoint;
	if (stamps.length > 0)
		found.say("unchecked", "stamps",
		    { text: String(stamps.length) });
	for (const path of c === undefined ? [] : files.keys()) {
		const m = /^timestamps\/(\d+)\.txt$/.exec(path);
		if (m === null)
			continue;
		const root = await found.try("stamp", { file: path },
		    async () => {
			    const old = readCheckpoint(textOf(
				await bytesOf(files, path, 65536)));
			    return old.size === Number(m[1]) &&
				old.origin === c.origin ? old.root
				: bad("another checkpoint");
		    });
		if (root === undefined ||
		    (Number(m[1]) === c.size && equal(root, c.root)))
			continue;
		await found.try("stamp-root", { file: path }, async () =>
		    (await checkPrefix(state, files, Number(m[1]), root))());
	}
}

function batchLeaf(b) {
	return leafHash(utf8.encode("custody-batch/v1\n" + b.stream + "\n" +
	    b.body.seq + "\n" + b.body.prev + "\n" + b.body.action + "\n"));
}

async function checkBatches(state, found) {
	const batches = new Map();
	for (const e of state.entries)
		if (isObject(e.body.batch))
			batches.set(e.body.batch.id, [
			    ...batches.get(e.body.batch.id) ?? [], e]);
	for (const list of batches.values()) {
		const { count, root } = list[0].body.batch, n = list[0].n;
		if (list.some(e => e.body.batch.count !== count ||
		    e.body.batch.root !== root)) {
			found.fault("batch", { n });
			continue;
		}
		if (list.length < count) {
			found.say("note", "batch-part", { n,
			    text: list.length + "/" + count });
			continue;
		}
		list.sort((a, b) => compare(utf8.encode(a.stream),
		    utf8.encode(b.stream)) || a.body.seq - b.body.seq);
		const leaves = await Promise.all(list.map(batchLeaf));
		if (list.length > count || hexOf(await rootOf(leaves)) !== root)
			found.fault("batch", { n });
	}
}

// Texts that are missing without a reason.
function checkMissing(state, found) {
	const erased = new Map();
	for (const e of state.entries)
		if (e.body.action === "erase")
			for (const path of listOf(e.body.fields, "paths"))
				erased.set(e.body.fields.entry + " " + path,
				    e.n);
	for (const m of state.missing) {
		const by = erased.get(m.leaf + " " + m.text);
		if (by !== undefined)
			found.say("note", "erased", { ...m, text: m.text +
			    " ← " + entryName(by) });
		else
			found.say("finding", "opening-missing", m);
	}
}

async function checkReports(state, found, files) {
	const digests = state.entries.filter(e => e.body.action === "report")
	    .map(e => e.body.fields.sha256);
	for (const path of REPORTS) {
		if (!files.has(path))
			continue;
		const sha256 = await found.try("report", { file: path },
		    async () => sha256Hex(await bytesOf(files, path,
			FILE_MAX)));
		if (sha256 !== undefined && !digests.includes(sha256))
			found.fault("report", { file: path });
	}
	if (files.has("report.pdf"))
		found.say("unchecked", "pdf", { file: "report.pdf" });
}

// Without the verifier's roots those of the bundle are held against what the
// log itself names.
async function rootsToUse(state, found, files, trust) {
	const path = "trust/roots.pem";
	if (trust.roots !== undefined)
		return trust.roots;
	if (!files.has(path)) {
		found.say("note", "roots");
		return undefined;
	}
	const hint = await found.try("roots", { file: path }, async () =>
	    readPem(await bytesOf(files, path, 2 ** 20)));
	for (const root of hint ?? [])
		if (!state.cas.includes(root.sha256))
			found.fault("roots", { file: path,
			    text: root.sha256 });
	return hint;
}

async function checkCertificates(state, found, files, trust) {
	const roots = await rootsToUse(state, found, files, trust);
	const span = new Map();
	state.roots = roots ?? [];
	for (const s of state.signed) {
		const k = span.get(s.sha256) ?? { ...s, first: s.at,
		    last: s.at };
		k.first = Math.min(k.first, s.at);
		k.last = Math.max(k.last, s.at);
		span.set(s.sha256, k);
	}
	for (const k of roots === undefined ? [] : span.values())
		await found.try("certificate", { n: k.n,
		    file: "entries/" + entryName(k.n) + ".p7m" }, async () => {
			for (const at of new Set([k.first, k.last])) {
				const ca = await checkChain(k.cert, roots, at);
				const want = state.issuers.get(k.sha256);
				if (want !== undefined && want !== ca.sha256)
					bad("certified by another CA than " +
					    "its enrolment names");
			}
		});
}

function verdictOf(state, found, trust) {
	if (found.count("fault") + found.count("finding") > 0)
		return "faulty";
	if (state.quorum && state.other && state.logKey !== undefined &&
	    trust.roots !== undefined && state.ed25519)
		return "anchored";
	return "consistent";
}

// trust: { policy, roots }, either may be undefined.  progress(done, all).
async function checkBundle(files, trust, progress = () => {}) {
	const found = new Findings();
	const state = { entries: [], chains: new Map(), keys: new Map(),
	    signed: [], missing: [], issuers: new Map(), cas: [], roots: [],
	    cosigners: [], openings: 0, withheld: 0, signatures: 0,
	    lastIndex: -1, quorum: false, other: false,
	    ed25519: await hasEd25519() };
	const { manifest, numbers } = await checkFiles(found, files);
	state.manifest = manifest;
	await readNoteFile(state, found, files);
	for (const [i, n] of numbers.entries()) {
		if (n !== (i === 0 ? 0 : numbers[i - 1]) + 1)
			found.fault("entry-missing", { n });
		await checkEntry(state, found, files, n);
		progress(i + 1, numbers.length);
	}
	if (numbers.length === 0)
		found.fault("entry-missing");
	checkManifest(state, found, numbers);
	await checkLog(state, found, trust);
	await checkPrefixes(state, found, files);
	await checkStamps(state, found, files);
	await checkHeads(state, found, files);
	await checkCertificates(state, found, files, trust);
	await checkBatches(state, found);
	checkMissing(state, found);
	await checkReports(state, found, files);
	found.say("unchecked", "rules");
	found.say("unchecked", "crl");
	return { state, found, trust, verdict: verdictOf(state, found, trust) };
}
