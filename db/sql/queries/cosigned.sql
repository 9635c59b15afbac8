-- The largest checkpoint that a witness cosigned; 0 when there is none.
SELECT coalesce(max(size), 0) FROM exhibit.cosignature WHERE witness = $1
