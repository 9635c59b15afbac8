-- Money that moved; NULL: no such case, or an end that it has not.
SELECT exhibit.transfer_add($1, $2::uuid, $3::uuid, $4::numeric, $5, $6::timestamptz, $7)
