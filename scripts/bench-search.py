#!/usr/bin/env python3
"""bench-search.py CASES CLIENT ... -- what bench-search.sh has loaded, searched.

CLIENT is psql with what it needs to connect as a superuser.  Milliseconds of the
server process's processor and of the wall, beside what is asked.
"""
import hashlib
import json
import random
import subprocess
import sys
import time

CASES, CLIENT = int(sys.argv[1]), sys.argv[2:]
ROUNDS = 3
MARK = "--end--"

# Words of the made-up cases; those of one kind differ in how often they occur.
CLASSES = [
    ("1 character", ["案", "騙", "車", "圈", "郵", "匯", "醫", "密"]),
    ("2 characters", ["圈存", "車手", "勒索", "個資", "釣魚", "臺北", "筆錄", "洗錢"]),
    ("4 characters", ["人頭帳戶", "網路釣魚", "勒索軟體", "個資外洩", "司法互助", "警示帳戶", "供應鏈入", "橫向移動"]),
    ("English word", ["phishing", "ransomware", "botnet", "LockBit", "exfiltration", "telegram", "wallet", "swap"]),
    ("mixed, two words", ["勒索 LockBit", "醫院 ransomware", "釣魚 telegram", "圈存 botnet", "電力公司 web",
                          "臺中市 wallet", "車手 phishing", "國稅局 swap"]),
    ("rare character", list("堃𠮷犇喆淼鑫槑囧")),
    ("phrase", ['"資金流向境外交易所"', '"before exfiltration"', '"疑為同一集團所為"', '"使用 LockBit 工具"',
                '"員工電子郵件信箱遭入侵"', '"business email compromise"', '"聲請搜索票"', '"網站首頁遭置換"']),
    ("in no case", ["蠹簡", "qwertz", "嚴重特殊", "zebra", "龘", "鱻", "ⅻ", "木星"]),
]


class Server:
    """One connection and the process that serves it."""

    def __init__(self, person=None):
        self.psql = subprocess.Popen(CLIENT, stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE, text=True, encoding="utf-8")
        self.run("SET max_parallel_workers_per_gather = 0")
        if person:
            self.run('SET SESSION AUTHORIZATION "person_%s"' % person)
        self.stat = "/proc/%s/schedstat" % self.run("SELECT pg_backend_pid()")[0]

    def run(self, sql):
        self.psql.stdin.write("%s;\n\\echo %s\n" % (sql, MARK))
        self.psql.stdin.flush()
        lines = []
        for line in self.psql.stdout:
            if line.rstrip("\n") == MARK:
                return lines
            lines.append(line.rstrip("\n"))
        sys.exit("bench: the server left at: " + sql[:200])

    def spent(self):
        time.sleep(0.0005)  # it sleeps by now, and its time is counted
        with open(self.stat) as f:
            return int(f.read().split()[0]) / 1e6

    def timed(self, sql):
        cpu, wall = self.spent(), time.monotonic()
        self.run(sql)
        wall = (time.monotonic() - wall) * 1e3
        return self.spent() - cpu, wall


def quote(text):
    return "'" + text.replace("'", "''") + "'"


def terms(query):
    return [query.strip('"')] if query.startswith('"') else query.split()


def q(query):
    return quote(json.dumps({"all": [{"any": [{"t": t, "prefix": 0}]} for t in terms(query)],
                             "none": []}, ensure_ascii=False)) + "::jsonb"


def ilike(what, query):
    """The same question put plainly, of what the person may see."""
    return ("SELECT %s FROM exhibit.casebook c WHERE %s AND EXISTS (SELECT FROM exhibit.case_reader r"
            " WHERE r.case_id = c.id AND r.principal IN ('p:S-G1', 'o:ORG01')"
            " AND (r.until IS NULL OR r.until > now()))" % (
                what, " AND ".join("(c.title || E'\\n' || c.body) ILIKE %s" % quote("%" + t + "%")
                                   for t in terms(query))))


def part(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))]


def measure(server, statements, rounds=ROUNDS):
    for s in statements:
        server.run(s)
    return list(zip(*(server.timed(s) for _ in range(rounds) for s in statements)))


def row(name, got, asked, *others):
    cpu, wall = got
    print("| %s | %.2f | %.2f | %.2f | %.2f | %s |%s" % (
        name, part(cpu, .5), part(cpu, .95), part(wall, .5), part(wall, .95), asked,
        "".join(" %s |" % o for o in others)), flush=True)


def head(*others):
    names = ("what", "CPU p50", "CPU p95", "wall p50", "wall p95", "asked, CPU") + others
    print("\n| %s |\n|%s" % (" | ".join(names), "---|" * len(names)))


def newest(query):
    return ilike("c.case_number, c.title, c.body", query) + " ORDER BY c.opened DESC, c.id DESC LIMIT 20"


def counted(query):
    return "SELECT count(*) FROM (%s LIMIT 10001) x" % ilike("1", query)


def texts(root, person):
    """Searches of each class beside ILIKE without and with pg_trgm."""
    plain = {}
    for name, words in CLASSES:
        plain[name] = [measure(root, [f(w) for w in words], 1)[0] for f in (newest, counted)]
    root.run("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    root.run("CREATE INDEX bench_trgm ON exhibit.casebook USING gin ((title || E'\\n' || body) public.gin_trgm_ops)")
    root.run("ANALYZE exhibit.casebook")
    sizes = root.run("SELECT pg_size_pretty(pg_relation_size(x::regclass)) FROM unnest(ARRAY["
                     "'exhibit.casebook', 'exhibit.casebook_text', 'exhibit.bench_trgm']) x")
    trgm = {}
    for name, words in CLASSES:
        trgm[name] = [measure(root, [f(w) for w in words], 1)[0] for f in (newest, counted)]
    root.run("DROP INDEX exhibit.bench_trgm")
    root.run("ANALYZE exhibit.casebook")
    print("cases %s, our index %s, pg_trgm's %s" % tuple(sizes))

    kinds = [("newest 20", "SELECT * FROM exhibit.search_cases(%s, 20)", "60, p95 120", 0),
             ("newest 500, as ranking wants", "SELECT * FROM exhibit.search_cases(%s, 500)", "60, p95 120", None),
             ("capped count", "SELECT exhibit.count_cases(%s)", "100", 1),
             ("facets", "SELECT * FROM exhibit.facet_cases(%s)", "150", None)]
    for kind, sql, asked, other in kinds:
        head("ILIKE, CPU p50, p95", "pg_trgm, CPU p50, p95")
        for name, words in CLASSES:
            beside = ["", ""] if other is None else [
                "%.1f, %.1f" % (part(x[name][other], .5), part(x[name][other], .95)) for x in (plain, trgm)]
            row("%s: %s" % (kind, name), measure(person, [sql % q(w) for w in words]), asked, *beside)


def found(how, what):
    return "SELECT * FROM exhibit.indicator_find(%s, %s, 'bench', 100)" % (quote(how), quote(what))


def indicators(root, person):
    rnd = random.Random(1)

    def some(where, n=60):
        return [line.split("|") for line in root.run(
            "SELECT key, kind, value, coalesce(rev_host, ''), coalesce(host(network(set_masklen(ip, 28))), '')"
            " FROM exhibit.indicator WHERE %s ORDER BY key LIMIT %d" % (where, n))]

    head()
    row("indicator, exact", measure(person, [found("key", x[0]) for x in some("true")]), "0.3")
    row("indicator, prefix", measure(person, [found("prefix", x[1] + ":" + x[2][:-1])
                                              for x in some("kind IN ('phone', 'bank_account', 'domain')")]), "1")
    row("indicator, in a CIDR /28", measure(person, [found("within", x[4] + "/28")
                                                     for x in some("ip <<= '10.0.0.0/8'")]), "1")
    row("indicator, subdomains", measure(person, [found("under", x[3])
                                                  for x in some("kind = 'domain'")]), "1")
    row("indicator, subdomains of a busy host", measure(person, [found("under", x[3])
                                                                 for x in some("kind = 'email'")]), "")
    mine = [line for line in root.run(
        "SELECT c.case_number FROM exhibit.casebook c JOIN exhibit.case_reader r ON r.case_id = c.id"
        " WHERE r.principal = 'o:ORG01' ORDER BY md5(c.case_number) LIMIT 61")]
    for hops in (1, 2):
        row("links, %d hop%s" % (hops, "s"[:hops - 1]),
            measure(person, ["SELECT * FROM exhibit.link_cases('%s', %d)" % (c, hops) for c in mine[1:]]),
            "5" if hops == 1 else "")

    def batch(k):
        rows = []
        for _ in range(1000):
            v = "+8862%09d" % rnd.randrange(10 ** 9)
            rows.append({"kind": "phone", "value": v, "role": "unknown", "source": "bench%d" % k, "reliability": "",
                         "key": hashlib.sha256(("phone:" + v).encode()).hexdigest()[:32]})
        return "SELECT exhibit.indicator_import('%s', %s)" % (mine[0], quote(json.dumps(rows)))

    cpu, wall = zip(*(person.timed(batch(k)) for k in range(20)))
    print("\nindicator import, batches of 1,000 new ones: %.0f rows/s of CPU, %.0f of wall; asked 20,000" % (
        20 * 1000 / sum(cpu) * 1e3, 20 * 1000 / sum(wall) * 1e3))


def recall(root, person):
    """Random pieces of the texts, counted by the door and by a scan."""
    rnd = random.Random(2)
    bodies = root.run("SELECT replace(body, E'\\n', ' ') FROM exhibit.casebook ORDER BY md5(case_number) LIMIT 200")
    probes = set()
    while len(probes) < 40:
        b = rnd.choice(bodies)
        n = rnd.randrange(1, 5)
        at = rnd.randrange(len(b))
        piece = b[at:at + n]
        if len(piece) == n and all("\u4e00" <= ch <= "\u9fff" or ch > "\U0001ffff" for ch in piece):
            probes.add(piece)
    same = 0
    scan = root.run(
        "SELECT w || ' ' || least(count(c.id), 10001) FROM unnest(ARRAY[%s]) w LEFT JOIN exhibit.casebook c"
        " ON strpos(exhibit.norm(c.title || E'\\n' || c.body), w) > 0 AND EXISTS (SELECT FROM exhibit.case_reader r"
        " WHERE r.case_id = c.id AND r.principal IN ('p:S-G1', 'o:ORG01')) GROUP BY w" % ", ".join(
            quote(p) for p in sorted(probes)))
    for line in scan:
        w, n = line.split(" ")
        same += person.run("SELECT exhibit.count_cases(%s)" % q(w))[0] == n
    print("\nrecall: %d of %d random pieces of 1 to 4 Han characters counted as a scan counts them" % (same, len(scan)))


def main():
    root, person = Server(), Server("S-G1")
    print("%d cases, milliseconds, %d queries of a kind in %d rounds after one to warm up" % (
        CASES, len(CLASSES[0][1]), ROUNDS))
    indicators(root, person)
    texts(root, person)
    recall(root, person)


main()
