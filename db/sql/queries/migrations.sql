-- What was applied.
SELECT version, name, sha256 FROM exhibit.migration ORDER BY version
