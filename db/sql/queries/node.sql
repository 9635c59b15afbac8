-- A perfect subtree.
SELECT hash FROM exhibit.node WHERE level = $1 AND index = $2
