-- Money that moved, in a case.
SELECT payer, payee, amount::text, currency,
       to_char(moved_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), source
FROM exhibit.case_transfers($1)
