-- Somebody looked at something, or tried to.
SELECT exhibit.note_access($1, $2, $3, $4 <> 0)
