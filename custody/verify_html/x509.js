// x509.js -- certificates: what they say, and whether they lead to a root.

const oidHex = {
	ecdsaSha256: "2a8648ce3d040302", ecdsaSha384: "2a8648ce3d040303",
	ecdsaSha512: "2a8648ce3d040304", rsaSha256: "2a864886f70d01010b",
	rsaSha384: "2a864886f70d01010c", rsaSha512: "2a864886f70d01010d",
	ecKey: "2a8648ce3d0201", rsaKey: "2a864886f70d010101",
	p256: "2a8648ce3d030107", p384: "2b81040022", p521: "2b81040023",
	keyUsage: "551d0f", basicConstraints: "551d13", extKeyUsage: "551d25",
	emailProtection: "2b06010505070304", serverAuth: "2b06010505070301",
};
const SIGNATURES = new Map([
	[oidHex.ecdsaSha256, ["ECDSA", "SHA-256"]],
	[oidHex.ecdsaSha384, ["ECDSA", "SHA-384"]],
	[oidHex.ecdsaSha512, ["ECDSA", "SHA-512"]],
	[oidHex.rsaSha256, ["RSASSA-PKCS1-v1_5", "SHA-256"]],
	[oidHex.rsaSha384, ["RSASSA-PKCS1-v1_5", "SHA-384"]],
	[oidHex.rsaSha512, ["RSASSA-PKCS1-v1_5", "SHA-512"]],
]);
const CURVES = new Map([
	[oidHex.p256, ["P-256", 32]], [oidHex.p384, ["P-384", 48]],
	[oidHex.p521, ["P-521", 66]],
]);
const P256_N = BigInt(
    "0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");

// SubjectPublicKeyInfo: { kind: "EC" | "RSA", curve, size, spki }.
function readKey(spki) {
	const [alg] = derShape(derOne(spki, SEQUENCE, "key").body,
	    [SEQUENCE, BITS], "key");
	const parts = derList(alg.body), oid = hexOf(parts[0].body);
	if (oid === oidHex.rsaKey)
		return { kind: "RSA", spki };
	const curve = oid === oidHex.ecKey && parts.length === 2
	    ? CURVES.get(hexOf(parts[1].body)) : undefined;
	if (curve === undefined)
		bad("a key of another kind");
	return { kind: "EC", curve: curve[0], size: curve[1], spki };
}

// Extensions that matter here, and the names of critical ones that do not.
function readExtensions(list) {
	const out = { usage: null, ca: false, purposes: null, unknown: [] };
	for (const e of list) {
		const parts = derList(e.body), oid = hexOf(parts[0].body);
		const critical = parts[1].tag === BOOLEAN;
		const value = parts[parts.length - 1].body;
		if (oid === oidHex.keyUsage)
			out.usage = derOne(value, BITS, "keyUsage").body[1];
		else if (oid === oidHex.basicConstraints)
			out.ca = derList(derOne(value, SEQUENCE, "CA").body)
			    .some(x => x.tag === BOOLEAN && x.body[0] === 0xff);
		else if (oid === oidHex.extKeyUsage)
			out.purposes = derList(derOne(value, SEQUENCE,
			    "purposes").body).map(x => hexOf(x.body));
		else if (critical)
			out.unknown.push(oid);
	}
	return out;
}

function readCertificate(bytes) {
	const [tbs, alg, sig] = derShape(derOne(bytes, SEQUENCE,
	    "certificate").body, [SEQUENCE, SEQUENCE, BITS], "certificate");
	const parts = derList(tbs.body);
	if (parts.length < 7 || parts[0].tag !== CONTEXT_0)
		bad("not a certificate of version 3");
	const [, serial, inner, issuer, validity, subject, spki] = parts;
	const [from, until] = derList(validity.body);
	const last = parts[parts.length - 1];
	const extensions = last.tag === 0xa3
	    ? derList(derOne(last.body, SEQUENCE, "extensions").body) : [];
	if (!equal(alg.whole, inner.whole) || sig.body[0] !== 0)
		bad("a certificate with two algorithms");
	return { bytes, tbs: tbs.whole, alg: hexOf(derList(alg.body)[0].body),
	    sig: sig.body.subarray(1), serial: serial.whole,
	    issuer: issuer.whole, subject: subject.whole,
	    from: derTime(from), until: derTime(until),
	    key: readKey(spki.whole), ext: readExtensions(extensions) };
}

// SEQUENCE { r, s } as the browser wants it, and s.
function ecdsaRaw(sig, size) {
	const [r, s] = derShape(derOne(sig, SEQUENCE, "signature").body,
	    [INTEGER, INTEGER], "signature");
	return join(derUnsigned(r.body, size, "r"),
	    derUnsigned(s.body, size, "s"));
}

// Does the signature hold?  hash is "SHA-256" or its like.
async function verifyWith(key, hash, sig, data) {
	const alg = key.kind === "RSA"
	    ? { name: "RSASSA-PKCS1-v1_5", hash }
	    : { name: "ECDSA", namedCurve: key.curve, hash };
	const raw = key.kind === "RSA" ? sig : ecdsaRaw(sig, key.size);
	let k;
	try {
		k = await crypto.subtle.importKey("spki", key.spki, alg, false,
		    ["verify"]);
	} catch (e) {
		return bad("a key that this browser does not take");
	}
	return crypto.subtle.verify(alg, k, raw, data);
}

async function issuedBy(cert, ca) {
	const alg = SIGNATURES.get(cert.alg);
	const kind = ca.key.kind === "RSA" ? "RSASSA-PKCS1-v1_5" : "ECDSA";
	return alg !== undefined && alg[0] === kind &&
	    equal(cert.issuer, ca.subject) &&
	    verifyWith(ca.key, alg[1], cert.sig, cert.tbs);
}

const KEY_CERT_SIGN = 0x04, DIGITAL_SIGNATURE = 0x80, NON_REPUDIATION = 0x40;

// May it sign entries?  As `openssl cms -verify -purpose smimesign`.
function checkPurpose(cert) {
	const { usage, purposes, unknown, ca } = cert.ext;
	if (unknown.length > 0)
		bad("a critical extension that is not known here");
	if (ca || usage === null ||
	    (usage & (DIGITAL_SIGNATURE | NON_REPUDIATION)) === 0)
		bad("a certificate that is not for signing");
	if (purposes !== null && (!purposes.includes(oidHex.emailProtection) ||
	    purposes.includes(oidHex.serverAuth)))
		bad("a certificate for another purpose");
}

// Its issuers up to one that issued itself, all among the roots, each valid
// at that time; bad when there is no such path.  Yields the first issuer.
async function checkChain(cert, roots, at) {
	let below = cert, first = null;
	checkPurpose(cert);
	for (let depth = 0; depth < 8; depth++) {
		if (at < below.from || at > below.until)
			bad("not valid at the time of signing");
		if (first !== null && equal(below.issuer, below.subject))
			return first;
		let ca = null;
		for (const root of roots)
			if (ca === null && root.ext.ca &&
			    (root.ext.usage === null ||
				(root.ext.usage & KEY_CERT_SIGN) !== 0) &&
			    await issuedBy(below, root))
				ca = root;
		if (ca === null)
			bad("does not lead to a root");
		first = first ?? ca;
		below = ca;
	}
	return bad("a chain without end");
}

// The certificates of a PEM text, with their digests.
async function readPem(bytes) {
	const out = [];
	const block = /-----BEGIN ([A-Z0-9 ]+)-----\s([A-Za-z0-9+/=\s]*)-----END \1-----/g;
	for (const [, kind, text] of textOf(bytes).matchAll(block)) {
		if (kind !== "CERTIFICATE")
			bad(kind + " where certificates belong");
		const cert = readCertificate(
		    fromBase64(text.replace(/\s/g, "")));
		cert.sha256 = await sha256Hex(cert.bytes);
		out.push(cert);
	}
	return out.length > 0 ? out : bad("no certificate");
}
