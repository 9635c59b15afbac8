// files.js -- the files of a bundle against its manifest, in both directions.
//
// A bundle here is a Map from path to File.  What is found is told to a
// Findings object, by code: words.js has what each code means.

const MANIFEST = "manifest.json", NOTE = "checkpoints/checkpoint.txt",
    HEADS = "heads/heads.json";
const FILE_MAX = 2 ** 31 - 1;	// bytes that a browser digests at once
const PATH = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*){0,3}$/;
const OURS = /^(entries|proofs|openings|consistency|heads|checkpoints|timestamps)\//;
const NAMES = [
	/^entries\/e(\d{4,})\.p7m$/, /^proofs\/e(\d{4,})\.tlog-proof$/,
	/^openings\/e(\d{4,})\.json$/, /^consistency\/\d+\.txt$/,
	/^timestamps\/\d+\.txt$/, /^timestamps\/\d+-[A-Za-z0-9._-]+\.tsr$/,
	/^heads\/heads\.json$/, /^checkpoints\/checkpoint\.txt$/,
];

class Findings {
	constructor() {
		this.list = [];
	}
	// severity: fault, finding, note, unchecked.  n: the entry's number.
	say(severity, code, { file = "", n = 0, stream = "", text = "" } = {}) {
		this.list.push({ severity, code, file, n, stream, text });
	}
	fault(code, where) {
		this.say("fault", code, where);
	}
	count(severity) {
		return this.list.filter(x => x.severity === severity).length;
	}
	// Run a check; what is bad about its object is a fault with this code.
	async try(code, where, check) {
		try {
			return await check();
		} catch (e) {
			if (!(e instanceof Bad))
				throw e;
			this.fault(code, { ...where, text: e.message });
			return undefined;
		}
	}
}

function entryName(n) {
	return "e" + String(n).padStart(4, "0");
}

async function bytesOf(files, path, max) {
	const file = files.get(path);
	if (file === undefined)
		bad(path + " is not there");
	if (file.size > max)
		bad(path + " is larger than such a file can be");
	try {
		return new Uint8Array(await file.arrayBuffer());
	} catch (e) {
		return bad(path + " cannot be read");
	}
}

function readManifest(bytes) {
	const m = needMembers(readCanonical(bytes), ["checkpoint", "counts",
		"files", "made_at", "origin", "schema", "streams", "subject",
		"withheld"], "manifest");
	if (m.schema !== "custody-bundle/v1")
		bad("another schema");
	needCount(m.checkpoint, "size");
	needHex(m.checkpoint, "root", 32);
	needAscending(m.streams, "streams");
	if (!m.streams.includes(needText(m, "subject")))
		bad("subject: not one of the streams");
	const list = listOf(m, "files");
	for (const f of list) {
		needMembers(f, ["path", "sha256", "size"], "files");
		needHex(f, "sha256", 32);
		needCount(f, "size");
		if (!PATH.test(needText(f, "path")))
			bad("files: a path that leads out of the bundle");
	}
	needAscending(list.map(f => f.path), "files");
	for (const k of Object.keys(m.withheld))
		needAscending(m.withheld[k], "withheld");
	if (needCount(m.counts, "files") !== list.length)
		bad("counts: another number of files");
	return m;
}

async function checkListed(found, files, f) {
	const file = files.get(f.path), where = { file: f.path };
	if (file === undefined)
		return found.fault("file-missing", where);
	if (file.size !== f.size)
		return found.fault("file-size", { ...where,
		    text: file.size + " ≠ " + f.size });
	if (file.size > FILE_MAX)
		return found.say("unchecked", "file-large", where);
	const digest = await found.try("file-unreadable", where, async () =>
	    sha256Hex(await bytesOf(files, f.path, FILE_MAX)));
	if (digest !== undefined && digest !== f.sha256)
		found.fault("file-digest", where);
	return undefined;
}

// Yields { manifest, numbers }, numbers of the entries, ascending.
async function checkFiles(found, files) {
	const manifest = await found.try("manifest", { file: MANIFEST },
	    async () => readManifest(await bytesOf(files, MANIFEST, 2 ** 26)));
	const listed = new Set((manifest?.files ?? []).map(f => f.path));
	const numbers = [], loose = new Set();
	for (const path of [...files.keys()].sort()) {
		const file = shown(path);
		if (path === MANIFEST)
			continue;
		if (!PATH.test(path) || (OURS.test(path) &&
		    !NAMES.some(x => x.test(path))))
			found.fault("file-name", { file });
		else if (manifest && !listed.has(path))
			found.fault("file-extra", { file });
		const m = /^(entries|proofs|openings)\/e(\d{4,9})\./.exec(path);
		if (m !== null && m[1] === "entries" &&
		    NAMES[0].test(path))
			numbers.push(Number(m[2]));
		else if (m !== null)
			loose.add(Number(m[2]));
	}
	for (const f of manifest?.files ?? [])
		await checkListed(found, files, f);
	for (const n of loose)
		if (!numbers.includes(n))
			found.fault("entry-missing", { n });
	return { manifest, numbers: numbers.sort((a, b) => a - b) };
}
