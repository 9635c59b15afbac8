-- Leaves that begin with these hexadecimal digits.
SELECT leaf, index FROM exhibit.tree_leaf
WHERE starts_with(encode(leaf, 'hex'), $1)
ORDER BY index
LIMIT $2
