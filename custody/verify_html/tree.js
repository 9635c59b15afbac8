// tree.js -- RFC 9162 Merkle trees: leaves, inclusion, consistency.

const HASH = 32, PROOF_MAX = 64;

function leafHash(bytes) {
	return sha256(join(Uint8Array.of(0), bytes));
}

function nodeHash(left, right) {
	return sha256(join(Uint8Array.of(1), left, right));
}

// Root over leaf hashes (RFC 9162, 2.1.1).
async function rootOf(leaves) {
	if (leaves.length === 0)
		return sha256(new Uint8Array(0));
	if (leaves.length === 1)
		return leaves[0];
	let k = 1;
	while (2 * k < leaves.length)
		k *= 2;
	return nodeHash(await rootOf(leaves.slice(0, k)),
	    await rootOf(leaves.slice(k)));
}

// Sizes are below 2^53, so no bit operators, which stop at 2^31.
const odd = n => n % 2 === 1, halved = n => Math.floor(n / 2);

// RFC 9162, 2.1.3.2.
async function checkInclusion(leaf, index, size, proof, root) {
	let fn = index, sn = size - 1, r = leaf;
	if (index >= size)
		bad("an index behind the end of the tree");
	for (const p of proof) {
		if (sn === 0)
			bad("a proof that is too long");
		if (odd(fn) || fn === sn) {
			r = await nodeHash(p, r);
			while (!odd(fn) && fn !== 0)
				[fn, sn] = [halved(fn), halved(sn)];
		} else {
			r = await nodeHash(r, p);
		}
		[fn, sn] = [halved(fn), halved(sn)];
	}
	if (sn !== 0 || !equal(r, root))
		bad("the proof does not lead to the root");
}

// RFC 9162, 2.1.4.2; 0 < first < second.
async function checkConsistency(first, second, proof, root1, root2) {
	let fn = first - 1, sn = second - 1, at = 0;
	const next = () => at < proof.length ? proof[at++]
	    : bad("a proof that is too short");
	while (odd(fn))
		[fn, sn] = [halved(fn), halved(sn)];
	let fr = fn === 0 ? root1 : next(), sr = fr;
	while (at < proof.length) {
		const c = next();
		if (sn === 0)
			bad("a proof that is too long");
		if (odd(fn) || fn === sn) {
			fr = await nodeHash(c, fr);
			sr = await nodeHash(c, sr);
			while (!odd(fn) && fn !== 0)
				[fn, sn] = [halved(fn), halved(sn)];
		} else {
			sr = await nodeHash(sr, c);
		}
		[fn, sn] = [halved(fn), halved(sn)];
	}
	if (sn !== 0 || !equal(fr, root1) || !equal(sr, root2))
		bad("the smaller tree is no prefix of the larger");
}

// Lines "base64(hash)" up to a blank one, then the note: [hashes, note].
function readHashes(text) {
	const end = text.startsWith("\n") ? 0 : text.indexOf("\n\n") + 1;
	if (end === 0 && !text.startsWith("\n"))
		bad("a proof without a checkpoint");
	const lines = text.slice(0, end).split("\n").slice(0, -1);
	if (lines.length > PROOF_MAX)
		bad("a proof that is too long");
	const hashes = lines.map(fromBase64);
	if (hashes.some(h => h.length !== HASH))
		bad("a proof of something that is no hash");
	return [hashes, text.slice(end + 1)];
}

// C2SP tlog-proof.
function readProof(bytes) {
	const m = /^c2sp\.org\/tlog-proof@v1\nindex ([0-9]+)\n/
	    .exec(textOf(bytes));
	if (m === null)
		bad("not a proof");
	const [hashes, note] = readHashes(textOf(bytes).slice(m[0].length));
	return { index: numberOf(m[1]), hashes, note };
}

// The body of C2SP tlog-witness add-checkpoint.
function readPrefix(bytes) {
	const m = /^old ([0-9]+)\n/.exec(textOf(bytes));
	if (m === null)
		bad("not a proof");
	const [hashes, note] = readHashes(textOf(bytes).slice(m[0].length));
	return { old: numberOf(m[1]), hashes, note };
}
