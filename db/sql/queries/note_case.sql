-- A note on a case; NULL: no such case or note.
SELECT exhibit.note_case($1, $2, $3::bigint)
