-- The cosignatures under a checkpoint.
SELECT witness, line, time FROM exhibit.cosignature
WHERE size = $1 ORDER BY witness
