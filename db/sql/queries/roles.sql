-- Who may log in.
SELECT rolname FROM pg_catalog.pg_roles
WHERE rolcanlogin AND (rolname LIKE 'person\_%' OR rolname LIKE 'exhibit\_%')
ORDER BY rolname
