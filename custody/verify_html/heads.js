// heads.js -- are the streams as long as the laboratory's list of heads says?

function readHead(h) {
	needMembers(h, ["index", "items?", "leaf", "proof", "seq", "stream"],
	    "heads");
	needCount(h, "index");
	needHex(h, "leaf", 32);
	if (needCount(h, "seq") < 1)
		bad("heads: seq below 1");
	const isCase = needText(h, "stream").startsWith("case:");
	if (isCase !== Object.hasOwn(h, "items"))
		bad("heads: a case has its items' digest, nothing else has");
	if (isCase)
		needHex(h, "items", 32);
	const proof = listOf(h, "proof");
	if (proof.length > PROOF_MAX || proof.some(x => !isHex(x, 32)))
		bad("heads: no proof");
	return h;
}

// Digest over the case's items that began before this size; an item's case
// is what its newest entry says, or its parent's.
function itemsOf(state, number, size) {
	const cases = new Map(), begun = new Set();
	for (const { stream, body, index } of state.entries) {
		if (body.stream.kind !== "item")
			continue;
		const of = get(body.fields, "case") ??
		    cases.get(body.stream.id) ??
		    cases.get(get(body.fields, "parent"));
		cases.set(body.stream.id, of);
		if (index < size)
			begun.add(stream);
	}
	const ids = [...cases].filter(([id, of]) => of === number &&
	    begun.has("item:" + id)).map(([id]) => id);
	ids.sort((a, b) => compare(utf8.encode(a), utf8.encode(b)));
	return sha256Hex(utf8.encode(ids.map(id => id + "\n").join("")));
}

async function checkHead(state, found, list, newest, stream, entry) {
	const where = { file: HEADS, stream };
	const raw = listOf(list, "heads").find(h => get(h, "stream") === stream);
	if (raw === undefined)
		return found.fault("heads-missing", where);
	const h = await found.try("heads", where, () => readHead(raw));
	if (h === undefined)
		return undefined;
	const text = "custody-head/v1\n" + stream + "\n" + h.seq + "\n" +
	    h.leaf + "\n" + (h.items === undefined ? "" : h.items + "\n");
	const good = await found.try("heads-proof", where, async () => {
		await checkInclusion(await leafHash(utf8.encode(text)), h.index,
		    list.count, h.proof.map(fromHex),
		    fromHex(entry.body.fields.root));
		return true;
	});
	if (good && (h.seq !== newest.body.seq || h.leaf !== newest.leafHex))
		return found.fault("heads-differ", { ...where, n: newest.n });
	if (good && h.items !== undefined &&
	    stream === state.manifest?.subject && h.items !==
	    await itemsOf(state, stream.slice(5), entry.body.fields.size))
		found.fault("heads-items", where);
	return undefined;
}

async function checkHeads(state, found, files) {
	const where = { file: HEADS };
	const entry = state.entries.findLast(e => e.body.action === "heads");
	if (entry === undefined) {
		if (files.has(HEADS))
			found.fault("heads", where);
		else
			found.say("note", "no-heads");
		return;
	}
	const list = await found.try("heads", where, async () => {
		const v = needMembers(readCanonical(await bytesOf(files, HEADS,
		    2 ** 24)), ["count", "entry", "heads", "schema"], "heads");
		needHex(entry.body.fields, "root", 32);
		if (v.schema !== "custody-heads/v1" ||
		    v.entry !== entry.leafHex ||
		    v.count !== needCount(entry.body.fields, "count") ||
		    needCount(entry.body.fields, "size") > entry.index)
			bad("not of the newest heads entry, " +
			    entryName(entry.n));
		return v;
	});
	const before = found.count("fault");
	for (const stream of list === undefined ? [] : state.chains.keys()) {
		const newest = state.entries.findLast(e => e.proven &&
		    e.stream === stream &&
		    e.index < entry.body.fields.size);
		if (newest !== undefined)
			await checkHead(state, found, list, newest, stream,
			    entry);
	}
	if (list !== undefined && found.count("fault") === before)
		state.headsSize = entry.body.fields.size;
}
