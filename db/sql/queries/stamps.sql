-- Time-stamps with their checkpoints, ascending.
SELECT s.size, s.authority, s.tsr, s.time, c.note
FROM exhibit.stamp s JOIN exhibit.checkpoint c ON c.size = s.size
WHERE c.note IS NOT NULL
ORDER BY s.size, s.authority
