#!/bin/bash
# flips.sh -- one bit turned in a row of a copied database: log verify finds
# it, or it lies where it proves nothing.  And whatever is edited beside the
# entries, the report tells the same custody.
#
# EXHIBIT_FLIPS bits (60); EXHIBIT_SEED repeats the dice.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/house.sh"

flips=${EXHIBIT_FLIPS:-60}
seed=${EXHIBIT_SEED:-$RANDOM}
RANDOM=$seed
echo "EXHIBIT_SEED=$seed"

vouch() { "$EXHIBIT_SOURCE/scripts/vouchers.sh" "$dir/vouch" "$@"; }
cease() {
	vouch stop || true
	finish
}
trap cease EXIT

people
open_case C-1
announce C-1 A-1 A-2
to OPENED A-1
ok custody note keeper A-2 --note "a note"
vouch make "$(sed -n 's/^log //p' "$EXHIBIT_DATA/trust/policy")"
vouch start
cp "$dir/vouch/tsa/root.pem" "$EXHIBIT_DATA/trust/tsa.pem"
vouch policy >"$dir/policy.json"
needs exhibit policy set "$dir/policy.json" --as head
needs exhibit log cosign
needs exhibit log stamp

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
copy="host=$(cat "$EXHIBIT_DATA/pg.socket") user=exhibit_root dbname=harmed"

# Each row's columns as bytes, one bit of one turned, in one transaction.
psql psql -d harmed -qX <<'SQL'
CREATE SCHEMA kept;
CREATE FUNCTION kept.turn(t text, c text, nth bigint, which bigint) RETURNS text
    LANGUAGE plpgsql AS $$
DECLARE
    kind text;
    at tid;
    old bytea;
    n bigint;
BEGIN
    SELECT format_type(atttypid, NULL) INTO kind FROM pg_attribute
        WHERE attrelid = ('exhibit.' || t)::regclass AND attname = c;
    EXECUTE format('SELECT ctid FROM (SELECT ctid, row_number() OVER () - 1 AS i,
        count(*) OVER () AS n FROM exhibit.%I) x WHERE i = $1 %% n', t)
        INTO at USING nth;
    IF at IS NULL THEN
        RETURN 'empty';
    end if;
    EXECUTE format('SELECT %s FROM exhibit.%I WHERE ctid = $1',
        CASE kind WHEN 'bytea' THEN format('%I', c)
            WHEN 'text' THEN format('convert_to(%I, ''UTF8'')', c)
            WHEN 'timestamp with time zone' THEN format('timestamptz_send(%I)', c)
            ELSE format('int8send(%I)', c) END, t) INTO old USING at;
    IF coalesce(octet_length(old), 0) = 0 THEN
        RETURN 'empty';
    end if;
    n := which % (8 * octet_length(old));
    old := set_bit(old, n, 1 - get_bit(old, n));
    EXECUTE format('UPDATE exhibit.%I SET %I = %s WHERE ctid = $2', t, c,
        CASE kind WHEN 'bytea' THEN '$1'
            WHEN 'text' THEN 'convert_from($1, ''UTF8'')'
            WHEN 'timestamp with time zone' THEN format(
                '%I + interval ''1 hour'' + octet_length($1) * interval ''0''', c)
            ELSE '(''x'' || encode($1, ''hex''))::bit(64)::bigint' END)
        USING old, at;
    RETURN 'turned';
EXCEPTION WHEN OTHERS THEN
    RETURN 'impossible';
END $$;
SQL
tables=$(psql psql -d harmed -qAtXc "SELECT relname FROM pg_class
    WHERE relnamespace = 'exhibit'::regnamespace AND relkind = 'r'
      AND relname NOT IN ('migration', 'awake') ORDER BY 1")
{
	for t in $tables; do
		echo "ALTER TABLE exhibit.$t DISABLE TRIGGER ALL;"
		echo "CREATE TABLE kept.$t AS SELECT * FROM exhibit.$t;"
	done
} | psql psql -d harmed -qX
put_back='SET session_replication_role = replica;'
for t in $tables; do
	put_back+="DELETE FROM exhibit.$t;
	    INSERT INTO exhibit.$t OVERRIDING SYSTEM VALUE
	    SELECT * FROM kept.$t;"
done
mapfile -t columns < <(psql psql -d harmed -qAtXc "
    SELECT c.relname || ' ' || a.attname FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
    WHERE c.relnamespace = 'exhibit'::regnamespace AND c.relkind = 'r'
      AND c.relname NOT IN ('migration', 'awake')
      AND EXISTS (SELECT FROM kept.entry) ORDER BY 1")

# Where it proves nothing, and why.
harmless() {
	case $1 in
	# The server's word for who and when; nobody signed it.
	"entry principal" | "entry recorded_at") ;;
	"checkpoint made_at" | "rejected "* | "wish "*) ;;
	# Not closed by a signed entry yet: log verify says how many rows.
	"access_log "*) grep -qF table-open "$dir/out" || return 1 ;;
	# Investigators' own notes, which nobody signed; names of rows.
	"casebook id" | "casebook opened" | "case_note "*) ;;
	"indicator "* | "sighting "*) ;;
	"transfer "* | "watch "* | "alert "*) ;;
	# What an image holds, without the digest in its entry: its own check.
	"catalogue"*) ;;
	# What witnesses and clocks said of older checkpoints: of the newest
	# one it is compared; a line that is wrong counts for nothing.
	"cosignature "* | "stamp "*) ;;
	*) return 1 ;;
	esac
}

declare -A count
verify() {
	try exhibit --json log verify --database "$copy"
}
for ((i = 0, tries = 0; i < flips && tries < 30 * flips; tries++)); do
	column=${columns[RANDOM % ${#columns[@]}]}
	word=$(echo "SELECT kept.turn('${column% *}', '${column#* }',
	    $RANDOM, $((RANDOM * 32768 + RANDOM)))" |
	    psql psql -d harmed -qAtX -v ON_ERROR_STOP=1)
	[ "$word" = turned ] || continue
	i=$((i + 1))
	verify
	case $got in
	1) count[found]=$((${count[found]:-0} + 1)) ;;
	2)
		grep -q . "$dir/err" || fault "$column: 2, and no word why"
		count[unreadable]=$((${count[unreadable]:-0} + 1))
		;;
	*)
		harmless "$column" || fault "$column: not found"
		count[harmless]=$((${count[harmless]:-0} + 1))
		;;
	esac
	echo "$put_back" | psql psql -d harmed -qX -v ON_ERROR_STOP=1
done
[ "$i" = "$flips" ] || fault "$i bits turned, not $flips"
for word in "${!count[@]}"; do echo "$word: ${count[$word]}"; done
verify
[ "$got" = 3 ] || fault "what was put back: $got"

# Edited in the house itself: what nobody signed, and what people look at.
custody_of() {
	for item in A-1 A-2; do
		exhibit --json item history $item | tail -n 1
	done | jq -cS 'walk(if type == "object" then del(.recorded_at) else . end)'
	needs exhibit report C-1 --to "$dir/$1.txt" --as examiner
}
custody_of before >"$dir/before.json"
sql "ALTER TABLE exhibit.entry DISABLE TRIGGER ALL;
    UPDATE exhibit.entry SET principal = 'person_nobody',
	recorded_at = recorded_at + interval '3 days';
    UPDATE exhibit.fact SET value = replace(value, 'keeper', 'officer')
	WHERE kind = 'item';
    ALTER TABLE exhibit.entry ENABLE ALWAYS TRIGGER entry_stays"
custody_of after >"$dir/after.json"
cmp -s "$dir/before.json" "$dir/after.json" ||
    fault "the history tells something else: $(diff "$dir/before.json" \
	"$dir/after.json" | cut -c1-400)"
# The second report counts the first; nothing else that it said is gone.
gone=$(diff "$dir/before.txt" "$dir/after.txt" | sed -n 's/^< *//p' |
    grep -vE '^(Entries (in|of) the log|Root of the tree|Entries behind this report|Acts): |^$' |
    grep -vE '^((C-1, made|Made:) 20[0-9: -]+ UTC( by examiner)?|Report number: C-1 / R[0-9]+|Digest of the contents .*)$' || true)
[ -z "$gone" ] || fault "the report tells something else: $gone"
done_testing
