#!/usr/bin/env python3
"""recompute.py root|heads|rejects FILE: the log's claims from its entries.

FILE holds the entries in the order of the tree, one a line, hexadecimal.
Written from RFC 6962 and docs/formats.md, with nothing of the product.
"""
import hashlib
import json
import sys


def sha(data):
    return hashlib.sha256(data).digest()


def root(leaves):
    """RFC 6962, 2.1."""
    if not leaves:
        return sha(b"")
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return sha(b"\x01" + root(leaves[:k]) + root(leaves[k:]))


def body(entry):
    """The signed JSON stands in the CMS as it is."""
    text = entry[entry.index(b'{"action":'):].decode("latin-1")
    end = json.JSONDecoder().raw_decode(text)[1]
    return json.loads(text[:end].encode("latin-1"))


def heads(bodies, leaves, size):
    """Root over where each stream ended at that size, and their number."""
    last, items = {}, {}
    for event, leaf in list(zip(bodies, leaves))[:size]:
        stream = event["stream"]
        name = stream["kind"] + ":" + stream["id"]
        last[name] = (event["seq"], leaf)
        if stream["kind"] == "item" and event["seq"] == 1:
            case = "case:" + event["fields"]["case"]
            items.setdefault(case, []).append(stream["id"])
    rows = []
    for name in sorted(last, key=lambda n: n.encode()):
        text = "custody-head/v1\n%s\n%d\n%s\n" % (
            name, last[name][0], last[name][1].hex())
        if name.startswith("case:"):
            ids = "".join(i + "\n" for i in sorted(items.get(name, [])))
            text += sha(ids.encode()).hex() + "\n"
        rows.append(sha(b"\x00" + text.encode()))
    return root(rows), len(rows)


entries = [bytes.fromhex(line) for line in open(sys.argv[2])]
leaves = [sha(b"\x00" + e) for e in entries]
bodies = [body(e) for e in entries]
if sys.argv[1] == "root":
    print(len(leaves), root(leaves).hex())
elif sys.argv[1] == "heads":
    said = [b["fields"] for b in bodies if b["action"] == "heads"][-1]
    digest, count = heads(bodies, leaves, said["size"])
    same = digest.hex() == said["root"] and count == said["count"]
    print("same" if same else "differs", said["size"], count)
elif sys.argv[1] == "rejects":
    for b in bodies:
        if b["action"] == "reject":
            print(b["fields"]["entry_sha256"], b["fields"]["why"])
