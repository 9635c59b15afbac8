-- Nobody appends until the end of the transaction.
SELECT count(*) FROM (SELECT stream FROM exhibit.head
                      ORDER BY stream FOR UPDATE) h
