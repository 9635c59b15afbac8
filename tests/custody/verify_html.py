#!/usr/bin/env python3
"""verify_html.py PAGE POLICY ROOTS -- what verify.html says, in chromium.

Opens PAGE from disk (file://), gives it the policy and the roots, then each
bundle that standard input names, a line "HOW<tab>FOLDER":
  choose   the folder is chosen in the page's <input webkitdirectory>
  drag     the folder is dragged onto that field
  later    as choose, five years from now by the browser's clock
  blind    as choose, in a browser that has no Ed25519
  bare     as choose, without policy and roots
and prints a line of JSON for each: {"codes": [...], "verdict": "..."}.

The browser is spoken to over a pipe (Chrome DevTools Protocol): nothing
listens, nothing has to be installed besides chromium and python3.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

LIMIT = 300  # seconds that one bundle may take
FIVE_YEARS = 5 * 365 * 86400 * 1000
LATER = """{ const now = Date.now; Date.now = () => now() + %d;
Date = class extends Date { constructor(...a) {
    a.length ? super(...a) : super(Date.now()); } }; }""" % FIVE_YEARS
BLIND = """{ const take = SubtleCrypto.prototype.importKey;
SubtleCrypto.prototype.importKey = function (f, k, alg, ...rest) {
    if ((alg.name ?? alg) === "Ed25519")
        throw new DOMException("none", "NotSupportedError");
    return take.call(this, f, k, alg, ...rest); }; }"""
PRELUDE = {"later": LATER, "blind": BLIND}


class Browser:
    def __init__(self, home):
        to_read, self.out = os.pipe()
        back, to_write = os.pipe()
        # Chromium reads its orders at 3 and answers at 4.
        shell = 'exec 3<&%d 4>&%d; exec "$@"' % (to_read, to_write)
        self.process = subprocess.Popen(
            ["sh", "-c", shell, "sh", "chromium", "--headless",
             "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--no-first-run", "--remote-debugging-pipe",
             "--user-data-dir=" + home, "about:blank"],
            pass_fds=(to_read, to_write), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=dict(os.environ, HOME=home))
        os.close(to_read)
        os.close(to_write)
        self.back = os.fdopen(back, "rb")
        self.buffer = b""
        self.count = 0
        self.requests = []

    def message(self):
        while b"\0" not in self.buffer:
            some = self.back.read1(65536)
            if not some:
                sys.exit("verify_html.py: chromium has gone")
            self.buffer += some
        text, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, session=None, **params):
        self.count += 1
        order = {"id": self.count, "method": method, "params": params}
        if session:
            order["sessionId"] = session
        os.write(self.out, json.dumps(order).encode() + b"\0")
        while True:
            m = self.message()
            if m.get("method") == "Network.requestWillBeSent":
                self.requests.append(m["params"]["request"]["url"])
            if m.get("method") == "Inspector.targetCrashed":
                sys.exit("verify_html.py: the page crashed")
            if m.get("id") == self.count:
                if "error" in m:
                    sys.exit("%s: %s" % (method, m["error"]))
                return m["result"]


class Page:
    def __init__(self, browser, url, prelude):
        self.browser = browser
        self.target = browser.call("Target.createTarget",
                                   url="about:blank")["targetId"]
        self.session = browser.call("Target.attachToTarget", flatten=True,
                                    targetId=self.target)["sessionId"]
        self.call("Page.enable")
        self.call("Network.enable")
        if prelude:
            self.call("Page.addScriptToEvaluateOnNewDocument",
                      source=prelude)
        self.call("Page.navigate", url=url)
        self.wait("document.readyState === 'complete' &&"
                  " document.getElementById('answer') !== null")

    def call(self, method, **params):
        return self.browser.call(method, self.session, **params)

    def value(self, expression):
        r = self.call("Runtime.evaluate", expression=expression,
                      awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in r:
            return None
        return r["result"].get("value")

    def wait(self, condition):
        """The page itself waits; it is asked once, not over and over."""
        if not self.value("""new Promise(done => { const end = Date.now() +
            %d; const look = () => (%s) ? done(true) : Date.now() > end ?
            done(false) : setTimeout(look, 20); look(); })"""
                          % (LIMIT * 1000, condition)):
            sys.exit("verify_html.py: waited in vain for " + condition)

    def choose(self, name, paths):
        node = self.call("Runtime.evaluate", expression="document"
                         ".getElementById('%s')" % name)
        self.call("DOM.setFileInputFiles", files=paths,
                  objectId=node["result"]["objectId"])

    def drag(self, name, path):
        data = {"items": [], "files": [path], "dragOperationsMask": 1}
        at = self.value("""{ const e = document.getElementById('%s');
            e.scrollIntoView(); const r = e.getBoundingClientRect();
            [r.x + r.width / 2, r.y + r.height / 2] }""" % name)
        for kind in ("dragEnter", "dragOver", "drop"):
            self.call("Input.dispatchDragEvent", type=kind, x=at[0], y=at[1],
                      data=data)


def open_page(browser, url, anchors, how):
    page = Page(browser, url, PRELUDE.get(how))
    if how != "bare":
        page.choose("anchors", anchors)
        page.wait("document.getElementById('trusted').dataset.done === '1'")
    return page


def check(page, how, folder):
    page.value("document.getElementById('answer').dataset.verdict = ''")
    page.call("Page.bringToFront")
    if how == "drag":
        page.drag("folder", folder)
    else:
        page.choose("folder", [folder])
    page.wait("document.getElementById('answer').dataset.verdict")
    found = json.loads(page.value(
        "document.getElementById('answer').dataset.findings") or "[]")
    return {
        "verdict": page.value(
            "document.getElementById('answer').dataset.verdict"),
        "codes": sorted({x["code"] for x in found}),
    }


def main():
    page, policy, roots = map(os.path.realpath, sys.argv[1:])
    home = tempfile.mkdtemp(prefix="verify-html-")
    browser = Browser(home)
    pages = {}
    try:
        for line in sys.stdin:
            how, folder = line.rstrip("\n").split("\t")
            if how not in pages:
                pages[how] = open_page(browser, "file://" + page,
                                       [policy, roots], how)
            answer = check(pages[how], how, folder)
            print(json.dumps(answer, sort_keys=True), flush=True)
        strangers = [u for u in browser.requests
                     if not u.startswith(("file://", "about:"))]
        if strangers:
            sys.exit("verify_html.py: it asked for %s" % strangers)
        browser.call("Browser.close")
    finally:
        browser.process.terminate()
        browser.process.wait()
        shutil.rmtree(home, ignore_errors=True)


main()
