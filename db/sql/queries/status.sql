-- What became of an event.
SELECT state, index, code, reason FROM exhibit.status($1)
