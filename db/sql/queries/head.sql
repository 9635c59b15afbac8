-- Where a stream stands, waiting entries included; locked until the end of the
-- transaction.
SELECT seq, leaf FROM exhibit.head WHERE stream = $1 FOR UPDATE
