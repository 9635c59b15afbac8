#!/usr/bin/python3
"""tsa.py -- a time-stamp authority (RFC 3161) for tests and the demo.

    tsa.py DIR make [ORG]    a CA (root.pem) and a signer of a fictitious ORG
    tsa.py DIR reply         one request on standard input, one answer on
                             standard output
    tsa.py DIR serve         HTTP on 127.0.0.1; DIR/url says where

openssl ts does the work; nothing here is part of the product.
"""
import http.server
import os
import subprocess
import sys

CONF = """
[ tsa ]
default_tsa = one
[ one ]
serial = {dir}/serial
signer_cert = {dir}/tsa.pem
certs = {dir}/root.pem
signer_key = {dir}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
[ ca ]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[ signer ]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
"""


def openssl(*args, data=None):
    return subprocess.run(("openssl",) + args, input=data, check=True,
                          stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL).stdout


def make(folder, org):
    os.makedirs(folder, exist_ok=True)
    conf = folder + "/tsa.conf"
    with open(conf, "w") as f:
        f.write(CONF.format(dir=folder))
    with open(folder + "/serial", "w") as f:
        f.write("01\n")
    for name in ("root", "tsa"):
        openssl("genpkey", "-algorithm", "EC", "-pkeyopt",
                "ec_paramgen_curve:P-256", "-out", f"{folder}/{name}.key")
    for name, ext in (("root", "ca"), ("tsa", "signer")):
        csr = f"{folder}/{name}.csr"
        openssl("req", "-new", "-key", f"{folder}/{name}.key", "-subj",
                f"/O={org}/CN={org} {'Root' if name == 'root' else 'Clock'}",
                "-out", csr)
        signer = (["-signkey", folder + "/root.key"] if name == "root" else
                  ["-CA", folder + "/root.pem", "-CAkey",
                   folder + "/root.key", "-set_serial", "2"])
        openssl("x509", "-req", "-in", csr, "-days", "3650", "-extfile", conf,
                "-extensions", ext, "-out", f"{folder}/{name}.pem", *signer)


def reply(folder, query):
    return openssl("ts", "-reply", "-config", folder + "/tsa.conf",
                   "-queryfile", "/dev/stdin", data=query)


def serve(folder):
    class Clock(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            n = int(self.headers.get("Content-Length", 0))
            try:
                body = reply(folder, self.rfile.read(n))
            except subprocess.CalledProcessError:
                self.send_error(400)
                return
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Clock)
    with open(folder + "/url.new", "w") as f:
        f.write(f"http://127.0.0.1:{server.server_port}/tsr\n")
    os.rename(folder + "/url.new", folder + "/url")
    server.serve_forever()


def main():
    if len(sys.argv) < 3 or sys.argv[2] not in ("make", "reply", "serve"):
        sys.exit(__doc__)
    folder = os.path.abspath(sys.argv[1])
    if sys.argv[2] == "make":
        make(folder, sys.argv[3] if len(sys.argv) > 3 else "EXAMPLE-TIME")
    elif sys.argv[2] == "reply":
        sys.stdout.buffer.write(reply(folder, sys.stdin.buffer.read()))
    else:
        serve(folder)


main()
