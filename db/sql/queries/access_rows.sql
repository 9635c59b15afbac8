-- Rows of the access log from $1 to $2, at most $3, as they are anchored.
SELECT a.id, a.id::text, (extract(epoch FROM a.at) * 1000000)::bigint::text, a.who,
       a.what, a.subject, a.purpose, a.origin, a.allowed::int::text,
       a.salt::text
FROM exhibit.access_log a
WHERE a.id BETWEEN $1 AND $2
ORDER BY a.id
LIMIT $3
