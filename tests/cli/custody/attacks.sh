#!/bin/bash
# attacks.sh -- what a superuser, the holder of a backup and the holder of the
# log's key do to a copy of a house, and the verdict that each must get.
#
# Rows on one copied database: harmed with SQL, looked at by `log verify`, put
# back.  What is not found is a row too, and a sentence of docs/security.md.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/house.sh"

docs=$(cd "$(dirname "$0")/../../.." && pwd)/docs/security.md

people
open_case C-1
announce C-1 A-1 A-2
to IN_STORE A-1
ok custody note keeper A-1 --note "a note"
cp -a "$EXHIBIT_DATA/receipts" "$dir/early"
exhibit --json log checkpoint | tail -n 1 | jq -j .note >"$dir/note"
to OPENED A-2
ok exhibit item history A-1 --as head
ok exhibit item show A-2 --as examiner
try exhibit item show A-3 --as expert
ok custody photograph examiner A-2 --note "a photograph"
needs exhibit log checkpoint

# The copy, without what guards against mistakes.
psql() {
	local bin user as=()
	bin=$(find /usr/lib/postgresql -name psql | sort | tail -n 1)
	user=$(exhibit --json status | tail -n 1 | jq -r .service_user)
	[ "$user" = "$(id -un)" ] || as=(runuser -u "$user" --)
	(cd / && "${as[@]}" "${bin%psql}$1" -h "$(cat "$EXHIBIT_DATA/pg.socket")" \
	    -U exhibit_root "${@:2}")
}
psql psql -d postgres -qc 'CREATE DATABASE harmed'
psql pg_dump -d exhibit >"$dir/dump"
psql psql -d harmed -q <"$dir/dump" >"$dir/loaded"
tables='entry opening tree_leaf node checkpoint head queue rejected fact access_log
    casebook case_reader'
{
	echo 'CREATE SCHEMA kept;'
	for t in $tables; do
		echo "ALTER TABLE exhibit.$t DISABLE TRIGGER ALL;"
		echo "CREATE TABLE kept.$t AS SELECT * FROM exhibit.$t;"
	done
} | psql psql -d harmed -q
put_back='SET session_replication_role = replica;'
for t in $tables; do
	put_back+="DELETE FROM exhibit.$t;
	    INSERT INTO exhibit.$t OVERRIDING SYSTEM VALUE
	    SELECT * FROM kept.$t;"
done
copy="host=$(cat "$EXHIBIT_DATA/pg.socket") user=exhibit_root dbname=harmed"

# harm SQL: in the copy, as superuser, behind every trigger.
harm() {
	echo "$put_back BEGIN; $1; COMMIT;" |
	    psql psql -d harmed -q -v ON_ERROR_STOP=1 ||
	    fault "the SQL of this attack does not work: $1"
}

# found_as NAME CODE PLACE SQL: exit 1, this code, and it names the place.
found_as() {
	harm "$4"
	try exhibit --json log verify --database "$copy"
	[ "$got" = 1 ] || fault "$1: $got, not 1"
	tail -n 1 "$dir/out" | jq -e --arg code "$2" --arg at "$3" \
	    '[.faults[], .findings[]] | any(.code == $code and ($at == "-" or
	    (.index | tostring) == $at or .stream == $at or
	    (.text | contains($at))))' >/dev/null ||
	    fault "$1: no $2 at $3"
}

# not_found NAME SENTENCE SQL: exit 3, and the sentence is in the document.
not_found() {
	harm "$3"
	try exhibit --json log verify --database "$copy"
	[ "$got" = 3 ] || fault "$1: $got, not 3"
	tr -s '\n ' '  ' <"$docs" | grep -qF -- "$2" ||
	    fault "$1: docs/security.md does not say \"$2\""
}

# at ITEM SEQ: the index of this entry.
at() {
	sql "SELECT index FROM exhibit.tree_leaf
	    WHERE stream = 'item:$1' AND seq = $2"
}
n=$(at A-1 2) m=$(at A-2 2) last=$(sql 'SELECT max(index) FROM exhibit.tree_leaf')
entry="id = (SELECT entry_id FROM exhibit.tree_leaf WHERE index = $n)"
# A byte inside the signed body.
byte="(SELECT position('\"action\":\"receive\"'::bytea IN entry) + 12
    FROM exhibit.entry WHERE $entry)"

not_found "nothing was done" "ends with exit status 3" \
    "UPDATE exhibit.fact SET id = id"

# Entries.
found_as "a body is edited" leaf-differs "$n" \
    "UPDATE exhibit.entry SET entry = set_byte(entry, $byte, 120) WHERE $entry"
found_as "a body is edited, and its leaf everywhere" entry-refused "$n" \
    "UPDATE exhibit.entry SET entry = set_byte(entry, $byte, 120) WHERE $entry;
    UPDATE exhibit.entry SET leaf = sha256('\\x00'::bytea || entry)
	WHERE $entry;
    UPDATE exhibit.tree_leaf l SET leaf = e.leaf FROM exhibit.entry e
	WHERE e.id = l.entry_id AND l.index = $n;
    UPDATE exhibit.node SET hash = l.leaf FROM exhibit.tree_leaf l
	WHERE level = 0 AND node.index = $n AND l.index = $n"
found_as "an entry is deleted" index-missing "$((n + 1))" \
    "DELETE FROM exhibit.tree_leaf WHERE index = $n;
    DELETE FROM exhibit.entry WHERE $entry"
found_as "deleted, and the rest renumbered" root-differs - \
    "DELETE FROM exhibit.tree_leaf WHERE index = $n;
    UPDATE exhibit.tree_leaf SET index = index + 1000000 WHERE index > $n;
    UPDATE exhibit.tree_leaf SET index = index - 1000001
	WHERE index > 1000000"
found_as "deleted from its chain" entry-refused "item:A-1" \
    "DELETE FROM exhibit.tree_leaf WHERE index = $n;
    UPDATE exhibit.tree_leaf SET index = index + 1000000 WHERE index > $n;
    UPDATE exhibit.tree_leaf SET index = index - 1000001
	WHERE index > 1000000"
found_as "the newest is cut off" log-short - \
    "DELETE FROM exhibit.tree_leaf WHERE index = $last"
found_as "an entry is put in twice" entry-refused "$((last + 1))" \
    "INSERT INTO exhibit.entry (stream, seq, prev, leaf, body_sha256, entry,
	case_number) SELECT stream, 999, prev, leaf, sha256('x'), entry,
	case_number FROM exhibit.entry WHERE $entry;
    INSERT INTO exhibit.tree_leaf SELECT $last + 1, max(id), 'item:A-1', 999,
	(SELECT leaf FROM exhibit.entry WHERE $entry), 'C-1'
	FROM exhibit.entry"
found_as "two entries change places" root-differs - \
    "UPDATE exhibit.tree_leaf SET index = 1000000 WHERE index = $n;
    UPDATE exhibit.tree_leaf SET index = $n WHERE index = $m;
    UPDATE exhibit.tree_leaf SET index = $m WHERE index = 1000000"
found_as "an entry is shown as another item's" row-differs "$n" \
    "UPDATE exhibit.tree_leaf SET stream = 'item:A-9' WHERE index = $n"
found_as "an entry is hidden from its case" row-case "$n" \
    "UPDATE exhibit.tree_leaf SET case_number = '' WHERE index = $n"
found_as "an item is hidden whole" seen-differs - \
    "DELETE FROM exhibit.tree_leaf WHERE stream = 'item:A-2';
    UPDATE exhibit.tree_leaf l SET index = 1000000 + n.new FROM (SELECT
	index, row_number() OVER (ORDER BY index) - 1 AS new
	FROM exhibit.tree_leaf) n WHERE n.index = l.index;
    UPDATE exhibit.tree_leaf SET index = index - 1000000"
found_as "an accepted entry is dropped" entry-dropped "item:A-1" \
    "INSERT INTO exhibit.entry (stream, seq, prev, leaf, body_sha256, entry,
	case_number) VALUES ('item:A-1', 99, sha256('p'), sha256('l'),
	sha256('b'), 'dropped', 'C-1')"
found_as "an entry is called rejected" rejected-unsigned "item:A-1" \
    "INSERT INTO exhibit.entry (stream, seq, prev, leaf, body_sha256, entry,
	case_number) VALUES ('item:A-1', 99, sha256('p'), sha256('l'),
	sha256('b'), 'rejected', 'C-1');
    INSERT INTO exhibit.rejected SELECT max(id), 'state', 'because'
	FROM exhibit.entry"
found_as "a reader is put on a case" case-differs "case:C-1" \
    "INSERT INTO exhibit.case_reader SELECT id, 'o:ELSEWHERE', NULL
	FROM exhibit.casebook WHERE case_number = 'C-1'"
found_as "a case is searched as another text" case-differs "case:C-1" \
    "UPDATE exhibit.casebook SET body = body || 'x' WHERE case_number = 'C-1'"
found_as "a case is taken out of the search" case-differs "case:C-1" \
    "DELETE FROM exhibit.casebook WHERE case_number = 'C-1'"

# The tree and its checkpoints.
found_as "a node is changed" node-differs - \
    "UPDATE exhibit.node SET hash = sha256('x') WHERE level = 2 AND index = 0"
found_as "a node is deleted" node-missing - \
    "DELETE FROM exhibit.node WHERE level = 1 AND index = 0"
found_as "an old checkpoint is edited" checkpoint - \
    "UPDATE exhibit.checkpoint SET note = set_byte(note, 60,
	CASE get_byte(note, 60) WHEN 65 THEN 66 ELSE 65 END)
	WHERE size = (SELECT min(size) FROM exhibit.checkpoint)"
found_as "a checkpoint of another size" checkpoint - \
    "UPDATE exhibit.checkpoint SET note = convert_to(replace(convert_from(
	note, 'UTF8'), E'\\n' || size || E'\\n', E'\\n1\\n'), 'UTF8')
	WHERE size = (SELECT max(size) FROM exhibit.checkpoint)"
found_as "a checkpoint's root is changed beside its signature" row-differs - \
    "UPDATE exhibit.checkpoint SET root = sha256('x')
	WHERE size = (SELECT max(size) FROM exhibit.checkpoint)"
found_as "all checkpoints are deleted" no-checkpoint - \
    "DELETE FROM exhibit.checkpoint"
found_as "a stream's head is set back" head-differs "item:A-1" \
    "UPDATE exhibit.head h SET seq = 1, leaf = e.leaf FROM exhibit.entry e
	WHERE h.stream = 'item:A-1' AND e.stream = h.stream AND e.seq = 1"

# What people look at.
for field in '"state":"IN_STORE":"RECEIVED"' '"custodian":"keeper":"officer"' \
    '"location":"VAULT":"SHELF"' '"seal":"S-A-1":"S-X-1"'; do
	IFS=: read -r name old new <<<"$field"
	found_as "the item's $name is changed" fact-differs "item A-1" \
	    "UPDATE exhibit.fact SET value = replace(value, '$name:$old',
		'$name:$new') WHERE kind = 'item' AND id = 'A-1'"
done
found_as "somebody gets a role" fact-differs "person officer" \
    "UPDATE exhibit.fact SET value = replace(value, 'investigator',
	'lab_head') WHERE kind = 'person' AND id = 'officer'"
found_as "yesterday's warrant is slipped in" fact-differs "case C-1" \
    "UPDATE exhibit.fact SET value = replace(value, 'W-C-1', 'W-OLD')
	WHERE kind = 'case' AND id = 'C-1'"
found_as "a key is put in" fact-extra - \
    "INSERT INTO exhibit.fact SELECT kind, repeat('ab', 32), case_number, value
	FROM exhibit.fact WHERE kind = 'key' LIMIT 1"
found_as "an item is deleted from the list" fact-missing "item A-2" \
    "DELETE FROM exhibit.fact WHERE kind = 'item' AND id = 'A-2'"
found_as "an item is moved to another case's readers" fact-differs "item A-1" \
    "UPDATE exhibit.fact SET case_number = '' WHERE kind = 'item' AND
	id = 'A-1'"
found_as "openings are deleted" opening-missing "$n" \
    "DELETE FROM exhibit.opening WHERE entry_$entry"
found_as "an opening is edited" opening-differs "$n" \
    "UPDATE exhibit.opening SET openings = convert_to(replace(convert_from(
	openings, 'UTF8'), 'clean', 'dirty'), 'UTF8') WHERE entry_$entry"

# Who looked at what: closed before the heads.
[ "$(psql psql -d harmed -qAtc 'SELECT count(*) FROM exhibit.access_log
    WHERE NOT allowed')" = 1 ] || fault "a denied look is not noted"
found_as "somebody else looked" table-differs access_log \
    "UPDATE exhibit.access_log SET who = 'person_keeper' WHERE id = 1"
found_as "a denied look was allowed" table-differs access_log \
    "UPDATE exhibit.access_log SET allowed = true WHERE NOT allowed"
found_as "nobody looked" table-short access_log "DELETE FROM exhibit.access_log"
found_as "a look is deleted" table-short access_log \
    "DELETE FROM exhibit.access_log WHERE id = 2"
found_as "a look is put in another's place" table-differs access_log \
    "DELETE FROM exhibit.access_log WHERE id = 2;
    INSERT INTO exhibit.access_log OVERRIDING SYSTEM VALUE SELECT 2, at, who,
	what, subject, purpose, origin, allowed, gen_random_uuid()
	FROM exhibit.access_log WHERE id = 1"
found_as "a look is put in before the first" table-long access_log \
    "INSERT INTO exhibit.access_log OVERRIDING SYSTEM VALUE SELECT 0, at, who,
	what, subject, purpose, origin, allowed, salt
	FROM exhibit.access_log WHERE id = 1"

# What a look at the database alone cannot show.
not_found "a look is put in behind what is closed" \
    "that somebody looked, as long as its row is not closed" \
    "INSERT INTO exhibit.access_log (what, subject, purpose, origin, allowed)
	VALUES ('item show', 'item:A-1', '', 'local', true)"
not_found "who appended, and when the server says so" \
    "the columns of entry that say who appended it and when" \
    "UPDATE exhibit.entry SET principal = 'nobody', recorded_at = now()"
not_found "an entry is deleted before it is sequenced" \
    "an entry that was appended and deleted before it was sequenced" \
    "UPDATE exhibit.fact SET id = id"
psql psql -d postgres -qc 'DROP DATABASE harmed'

# Yesterday's house goes on under the real log key: the whole directory was
# put back, with the store outside PostgreSQL (a snapshot of the machine).
exhibit --quiet down
cp -a "$EXHIBIT_DATA" "$dir/snapshot"
exhibit --quiet up
ok custody note keeper A-1 --note "this did happen"
needs exhibit log checkpoint
cp -a "$EXHIBIT_DATA/receipts" "$dir/honest"
exhibit --json log checkpoint | tail -n 1 | jq -j .note >"$dir/later"
exhibit --quiet down
rm -rf "$EXHIBIT_DATA"
cp -a "$dir/snapshot" "$EXHIBIT_DATA"
exhibit --quiet up
ok custody note keeper A-1 --note "this is told instead"
for _ in 1 2 3; do needs exhibit log checkpoint; done

# snapshot STATUS CODE OPTION...: what is said of the house that went on.
snapshot() {
	try exhibit --json log verify "${@:3}"
	[ "$got" = "$1" ] || fault "log verify ${*:3}: $got, not $1"
	[ "$2" = - ] || tail -n 1 "$dir/out" | jq -e --arg code "$2" \
	    '[.faults[].code] | index($code) != null' >/dev/null ||
	    fault "log verify ${*:3}: no $2"
}
snapshot 3 -
snapshot 3 - --against "$dir/note"
snapshot 3 - --receipts "$dir/early"
snapshot 1 receipt-differs --receipts "$dir/honest"
snapshot 1 root-differs --against "$dir/later"
tr -s '\n ' '  ' <"$docs" | grep -qF "a snapshot of the whole machine" ||
    fault "docs/security.md does not say what a snapshot hides"

# The house is founded again under the same name.
exhibit --quiet down
rm -rf "$EXHIBIT_DATA"
needs exhibit init --name-en Laboratory --name-zh 實驗室
snapshot 1 checkpoint --against "$dir/note"
snapshot 1 receipt-differs --receipts "$dir/honest"
done_testing
