// cms.js -- an entry: CMS SignedData in its one encoding.
//
// As signing/cms.c: the fields are read out, the entry is written again from
// the template, and every byte is compared.  So the reader needs to be strict
// only where it says so.

const ENTRY_MAX = 65535, SIGNERS_MAX = 16;
const oidSignedData = fromHex("2a864886f70d010702");
const oidEntry = fromHex("698385ecc6bdf4a0d2b8abb8eda59ddfe4faf675");
const oidSigningTime = fromHex("2a864886f70d010905");
const oidContentType = fromHex("2a864886f70d010903");
const oidMessageDigest = fromHex("2a864886f70d010904");
const oidSigningCert = fromHex("2a864886f70d010910022f");
const algSha256 = fromHex("300b0609608648016503040201");
const algEcdsa = fromHex("300a06082a8648ce3d040302");
const algRsa = fromHex("300d06092a864886f70d0101010500");

// The four signed attributes, without the tag around them.
function attributes(time, bodySha256, certSha256) {
	const attr = (oid, value) =>
	    der(SEQUENCE, der(OID, oid), der(SET, value));
	return join(
	    attr(oidSigningTime, time),
	    attr(oidContentType, der(OID, oidEntry)),
	    attr(oidMessageDigest, der(OCTETS, bodySha256)),
	    attr(oidSigningCert, der(SEQUENCE, der(SEQUENCE, der(SEQUENCE,
		der(OCTETS, certSha256))))));
}

function buildEntry(body, certs, infos) {
	return der(SEQUENCE, der(OID, oidSignedData), der(CONTEXT_0,
	    der(SEQUENCE, der(INTEGER, [3]), der(SET, algSha256),
		der(SEQUENCE, der(OID, oidEntry),
		    der(CONTEXT_0, der(OCTETS, body))),
		der(CONTEXT_0, ...certs), der(SET, ...infos))));
}

function buildInfo(s, bodySha256) {
	return der(SEQUENCE, der(INTEGER, [1]),
	    der(SEQUENCE, s.cert.issuer, s.cert.serial), algSha256,
	    der(CONTEXT_0, attributes(s.time, bodySha256, s.certSha256)),
	    s.cert.key.kind === "RSA" ? algRsa : algEcdsa,
	    der(OCTETS, s.sig));
}

// One SignerInfo: its certificate, the signing time's element, signature.
function readInfo(info, certs) {
	const parts = derList(info.body);
	if (parts.length !== 6 || parts[3].tag !== CONTEXT_0)
		bad("a SignerInfo of another form");
	const [issuer, serial] = derList(parts[1].body);
	const cert = certs.find(c => serial !== undefined &&
	    equal(c.issuer, issuer.whole) && equal(c.serial, serial.whole));
	if (cert === undefined || cert.used)
		bad("the certificate of a signer is missing, or signs twice");
	cert.used = true;
	const first = derList(parts[3].body)[0];
	const [, values] = derShape(first.body, [OID, SET], "signingTime");
	const time = derAt(values.body, 0);
	return { cert, time: time.whole, seconds: derTime(time),
	    sig: parts[5].body };
}

function needOrder(list, what) {
	list.forEach((e, i) => {
		if (i > 0 && compare(list[i - 1].whole, e.whole) >= 0)
			bad(what + " twice or out of order");
	});
}

// The parts of an entry: { body, time, signers: [{cert, certSha256, sig}] }.
async function readEntry(bytes) {
	if (bytes.length > ENTRY_MAX)
		bad("larger than an entry can be");
	const [, outer] = derShape(derOne(bytes, SEQUENCE, "entry").body,
	    [OID, CONTEXT_0], "entry");
	const [, , content, certSet, infoSet] = derShape(
	    derOne(outer.body, SEQUENCE, "SignedData").body,
	    [INTEGER, SET, SEQUENCE, CONTEXT_0, SET], "SignedData");
	const [, explicit] = derShape(content.body, [OID, CONTEXT_0], "content");
	const body = derOne(explicit.body, OCTETS, "content").body;
	const certDer = derList(certSet.body), infoDer = derList(infoSet.body);
	if (infoDer.length === 0 || infoDer.length > SIGNERS_MAX)
		bad("nobody signed, or too many");
	needOrder(certDer, "a certificate");
	needOrder(infoDer, "a SignerInfo");
	const certs = certDer.map(e => readCertificate(e.whole));
	const signers = infoDer.map(e => readInfo(e, certs));
	if (certs.some(c => !c.used))
		bad("a certificate that nobody signs with");
	if (signers.some(s => !equal(s.time, signers[0].time)))
		bad("signing times that differ");
	const bodySha256 = await sha256(body);
	for (const s of signers)
		s.certSha256 = await sha256(s.cert.bytes);
	const again = buildEntry(body, certs.map(c => c.bytes),
	    signers.map(s => buildInfo(s, bodySha256)));
	if (!equal(again, bytes))
		bad("not the only permitted encoding");
	return { body, bodySha256, seconds: signers[0].seconds, signers };
}

// Every signature of an entry; bad at the first that does not hold.
async function checkSignatures(entry) {
	for (const s of entry.signers) {
		const data = der(SET,
		    attributes(s.time, entry.bodySha256, s.certSha256));
		if (s.cert.key.kind === "EC") {
			if (s.cert.key.curve !== "P-256")
				bad("a curve that entries do not use");
			const half = ecdsaRaw(s.sig, 32).subarray(32);
			if (BigInt("0x" + hexOf(half)) > (P256_N - 1n) / 2n)
				bad("a signature in its second form");
		}
		if (!await verifyWith(s.cert.key, "SHA-256", s.sig, data))
			bad("the signature of certificate " +
			    hexOf(s.certSha256).slice(0, 16) +
			    " does not hold");
	}
}
