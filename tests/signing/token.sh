#!/bin/bash
# token.sh DIR -- a card for tests: SoftHSM2 plays it.
#
# On one token lie, under one label, an Ed25519 key made first, a P-256 and an
# RSA key with certificates of another body's CA, and a P-256 key that wants
# its PIN at each use; on a second token lies one P-256 key.  In DIR afterwards:
# softhsm.conf, ca.pem (root and issuing CA), p256.pem rsa.pem always.pem
# other.pem (certificates), the PINs being 123456 and 654321.
set -euo pipefail

dir=$1
module=$(find /usr/lib -name libsofthsm2.so | sort | head -n 1)
[ -n "$module" ] || { echo "softhsm2 is not installed" >&2; exit 2; }
mkdir -p "$dir/tokens"
cd "$dir"
cat >softhsm.conf <<END
directories.tokendir = $PWD/tokens
objectstore.backend = file
log.level = ERROR
slots.removable = true
END
export SOFTHSM2_CONF=$PWD/softhsm.conf
echo "$module" >module

quietly() {
	"$@" >>log 2>&1 || { tail -n 3 log >&2; return 1; }
}

# tool TOKEN PIN ARG...
tool() {
	local token=$1 pin=$2
	shift 2
	quietly pkcs11-tool --module "$module" --token-label "$token" \
		--login --pin "$pin" "$@"
}

# Another body's CA: a root, and the CA below it that issues for cards.
ca() {
	cat >ca.cnf <<-'END'
		[root]
		basicConstraints=critical,CA:TRUE
		keyUsage=critical,keyCertSign,cRLSign
		subjectKeyIdentifier=hash
		[issuing]
		basicConstraints=critical,CA:TRUE,pathlen:0
		keyUsage=critical,keyCertSign,cRLSign
		subjectKeyIdentifier=hash
		authorityKeyIdentifier=keyid
		[person]
		basicConstraints=critical,CA:FALSE
		keyUsage=critical,nonRepudiation
		subjectKeyIdentifier=hash
		authorityKeyIdentifier=keyid
		[server]
		basicConstraints=critical,CA:FALSE
		keyUsage=critical,digitalSignature
		extendedKeyUsage=serverAuth
	END
	key EC root.key
	key EC issuing.key
	printf '[req]\ndistinguished_name=dn\n[dn]\n' | cat - ca.cnf >root.cnf
	quietly openssl req -new -x509 -key root.key -days 7300 -out root.pem \
		-subj "/O=Test Body/CN=Test Root CA" -config root.cnf -extensions root
	openssl pkey -in issuing.key -pubout -out issuing.pub
	issue issuing.pub "/O=Test Body/CN=Test Citizen CA" root issuing issuing.pem
	cat issuing.pem root.pem >ca.pem
}

# key EC|RSA FILE
key() {
	if [ "$1" = EC ]; then
		quietly openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$2"
	else
		quietly openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$2"
	fi
}

# issue PUBLIC-KEY SUBJECT ISSUER SECTION OUT: a certificate for ten years.
issue() {
	quietly openssl x509 -new -force_pubkey "$1" -subj "$2" -CA "$3.pem" \
		-CAkey "$3.key" -set_serial "0x4$(openssl rand -hex 15)" \
		-days 3650 -extfile ca.cnf -extensions "$4" -out "$5"
}

# put TOKEN PIN FILE ID: a private key onto the card, and its public half.
put() {
	openssl pkey -in "$3" -outform DER -out put.tmp
	tool "$1" "$2" --write-object put.tmp --type privkey --label sign --id "$4" --usage-sign
	openssl pkey -in "$3" -pubout -outform DER -out put.tmp
	tool "$1" "$2" --write-object put.tmp --type pubkey --label sign --id "$4"
	openssl pkey -in "$3" -pubout -out "${3%.key}.pub"
}

card() {
	local label=$1 pin=$2
	quietly softhsm2-util --init-token --free --label "$label" --so-pin 0000 --pin "$pin"
}

ca
card card-1 123456
card card-2 654321
tool card-1 123456 --keypairgen --key-type EC:edwards25519 --label sign --id 01
key EC p256.key
put card-1 123456 p256.key 02
issue p256.pub "/O=Test Body/CN=S-2001" issuing person p256.pem
key RSA rsa.key
put card-1 123456 rsa.key 03
issue rsa.pub "/O=Test Body/CN=S-2002" issuing person rsa.pem
issue rsa.pub "/O=Test Body/CN=www.example" issuing server server.pem
tool card-1 123456 --keypairgen --key-type EC:prime256v1 --label sign --id 04 --always-auth
quietly pkcs11-tool --module "$module" --token-label card-1 --login --pin 123456 \
	--read-object --type pubkey --id 04 -o always.der
openssl pkey -pubin -inform DER -in always.der -out always.pub
issue always.pub "/O=Test Body/CN=S-2003" issuing person always.pem
key EC other.key
put card-2 654321 other.key 05
issue other.pub "/O=Test Body/CN=S-2004" issuing person other.pem
rm -f put.tmp ./*.cnf
