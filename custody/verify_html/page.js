// page.js -- the page: takes the folder and the trust anchors, shows what
// checkBundle() found.  All text from files goes in as text, never as markup.

function element(tag, text, className) {
	const e = document.createElement(tag);
	if (text !== undefined)
		e.textContent = text;
	if (className !== undefined)
		e.className = className;
	return e;
}

// The same in both languages.
function both(tag, [zh, en], className) {
	const e = element(tag, undefined, className);
	const a = element("span", zh), b = element("span", en);
	a.lang = "zh-TW";
	b.lang = "en";
	e.append(a, element("br"), b);
	return e;
}

// Files chosen in <input webkitdirectory>, or dragged onto it: their paths
// start with the folder.  (Of a folder that is dropped elsewhere a browser
// gives a page from disk no files.)
function filesOfInput(list) {
	const out = new Map();
	for (const f of list)
		out.set(f.webkitRelativePath.split("/").slice(1).join("/"), f);
	return out;
}

// A policy or a PEM file, by its content.
async function takeTrust(trust, file) {
	const bytes = new Uint8Array(await file.arrayBuffer());
	if (textOf(bytes).includes("-----BEGIN"))
		trust.roots = await readPem(bytes);
	else
		trust.policy = await readPolicy(bytes);
}

function row(table, label, value) {
	const tr = element("tr");
	tr.append(both("th", label), element("td", value));
	table.append(tr);
}

function showFacts(out, { state, trust }) {
	const table = element("table"), c = state.checkpoint;
	const names = state.cosigners.map(x => x.name +
	    (x.org === "" ? "" : " (" + x.org + ")") +
	    (x.monitor ? " [monitor]" : "") + " " +
	    new Date(1000 * x.time).toISOString());
	row(table, ["對象", "about"], shown(state.manifest?.subject ?? "—"));
	row(table, ["紀錄／簽章", "entries / signatures that hold"],
	    state.entries.length + " / " + state.signatures);
	row(table, ["文字：附上／保留未附", "texts: with entries / withheld"],
	    state.openings + " / " + state.withheld);
	if (c !== undefined)
		row(table, ["日誌檢查點", "checkpoint of the log"],
		    shown(c.origin) + "  " + c.size + "  " + hexOf(c.root));
	if (state.headsSize !== undefined)
		row(table, ["依實驗室清單完整至", "complete, as the laboratory's own list says, up to"],
		    String(state.headsSize));
	row(table, ["見證者", "witnesses"], names.join("; ") || "—");
	if (state.logKey !== undefined)
		row(table, ["日誌金鑰", "key of the log"],
		    shown(state.logKey.text));
	row(table, ["憑證機構 SHA-256", "CAs, SHA-256"],
	    state.roots.map(r => r.sha256).join(" ") || "—");
	out.append(table);
	if (trust.policy === undefined || trust.roots === undefined)
		out.append(both("p", UNPROVEN, "warn"));
}

function showFindings(out, list) {
	const order = Object.keys(SEVERITIES);
	const ul = element("ul");
	for (const x of [...list].sort((a, b) =>
	    order.indexOf(a.severity) - order.indexOf(b.severity))) {
		const li = both("li", WORDS[x.code] ?? [x.code, x.code],
		    x.severity);
		const place = [x.n > 0 ? "第 " + x.n + " 號 / entry " + x.n : "",
			x.file, shown(x.stream), shown(x.text)];
		li.prepend(element("b", SEVERITIES[x.severity].join(" ") + " "),
		    element("code", x.code), element("br"));
		li.append(element("br"), element("small",
		    place.filter(t => t !== "").join("  ·  ")));
		ul.append(li);
	}
	out.append(ul);
}

function showResult(out, result) {
	out.replaceChildren();
	out.dataset.verdict = result.verdict;
	out.dataset.findings = JSON.stringify(result.found.list);
	const said = both("p", VERDICTS[result.verdict], "verdict " +
	    result.verdict);
	said.prepend(element("b", result.verdict), element("br"));
	out.append(said);
	showFacts(out, result);
	showFindings(out, result.found.list);
}

function showTrouble(out, zh, en) {
	out.dataset.verdict = "error";
	out.replaceChildren(both("p", [zh, en], "verdict faulty"));
}

function start() {
	const out = document.getElementById("answer"), trust = {};
	const said = document.getElementById("trusted");
	let files = null;

	async function check() {
		if (files === null)
			return;
		out.dataset.verdict = "";
		try {
			showResult(out, await checkBundle(files, trust,
			    (done, all) => {
				    out.textContent = done + " / " + all;
			    }));
		} catch (e) {
			showTrouble(out, "檢查中斷：" + shown(String(e)),
			    "The check broke off: " + shown(String(e)));
		}
	}

	async function takeAnchors(list) {
		for (const f of list)
			try {
				await takeTrust(trust, f);
			} catch (e) {
				said.textContent = shown(f.name) + ": " +
				    shown(e.message);
				return;
			}
		said.textContent =
		    (trust.policy === undefined ? "" : "✓ policy ") +
		    (trust.roots === undefined ? "" : "✓ roots");
		said.dataset.done = String(Number(said.dataset.done ?? 0) + 1);
		await check();
	}

	document.getElementById("folder").addEventListener("change", e => {
		files = filesOfInput(e.target.files);
		check();
	});
	document.getElementById("anchors").addEventListener("change", e =>
	    takeAnchors(e.target.files));
	// What misses the two fields must not replace the page.
	for (const kind of ["dragover", "drop"])
		document.addEventListener(kind, e => {
			if (e.target.type !== "file")
				e.preventDefault();
		});
	if (!isSecureContext || crypto.subtle === undefined)
		showTrouble(out, "此瀏覽器不提供 WebCrypto，無法檢查。",
		    "This browser offers no WebCrypto: nothing can be checked.");
}

start();
