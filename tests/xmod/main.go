// xmod checks a log that was written as tiles, and receipts of its entries,
// with nothing but golang.org/x/mod: whoever wrote that had no part in ours.
//
//	xmod DIR VKEY [-old NOTE] [STEM ...]
//
// DIR holds checkpoint and tile/; VKEY is the log's verifier key.  NOTE is an
// older checkpoint that the tree must continue.  STEM.p7m is an entry and
// STEM.tlog-proof its receipt: the entry must be in the tree at the receipt's
// index, by the receipt's own proof and by the tiles.
//
// The adapter is small: x/mod names tiles tile/8/L/N where C2SP says tile/L/N,
// it knows no cosignatures (type 0x04 lines are passed over) and no C2SP
// checkpoint, which is three lines.
package main

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8 // 256 hashes a tile

type tiles struct{ dir string }

func (t tiles) Height() int { return height }

func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (t tiles) ReadTiles(list []tlog.Tile) ([][]byte, error) {
	var out [][]byte
	for _, tile := range list {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(t.dir, path))
		if err != nil {
			return nil, err
		}
		out = append(out, data)
	}
	return out, nil
}

// open checks the log's line and takes the three lines apart.
func open(bytes []byte, key note.Verifier) (tlog.Tree, error) {
	var tree tlog.Tree
	n, err := note.Open(bytes, note.VerifierList(key))
	if err != nil {
		return tree, err
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 4 || lines[0] != key.Name() || lines[3] != "" {
		return tree, fmt.Errorf("no checkpoint of %s", key.Name())
	}
	if tree.N, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		return tree, err
	}
	tree.Hash, err = tlog.ParseHash(lines[2])
	return tree, err
}

// A receipt: index, hashes, and the note behind them.
func split(text string) (index int64, p tlog.RecordProof, n string, err error) {
	head, n, found := strings.Cut(text, "\n\n")
	lines := strings.Split(head, "\n")
	if !found || len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" ||
		!strings.HasPrefix(lines[1], "index ") {
		return 0, nil, "", fmt.Errorf("no tlog-proof")
	}
	index, err = strconv.ParseInt(lines[1][len("index "):], 10, 64)
	for _, line := range lines[2:] {
		var h tlog.Hash
		raw, bad := base64.StdEncoding.DecodeString(line)
		if bad != nil || copy(h[:], raw) != len(h) {
			return 0, nil, "", fmt.Errorf("no hash: %q", line)
		}
		p = append(p, h)
	}
	return index, p, n, err
}

func receipt(stem string, tree tlog.Tree, r tlog.HashReader,
	key note.Verifier) error {
	entry, err := os.ReadFile(stem + ".p7m")
	if err != nil {
		return err
	}
	text, err := os.ReadFile(stem + ".tlog-proof")
	if err != nil {
		return err
	}
	index, proof, n, err := split(string(text))
	if err != nil {
		return err
	}
	then, err := open([]byte(n), key)
	if err != nil {
		return err
	}
	leaf := tlog.RecordHash(entry)
	if err = tlog.CheckRecord(
		proof, then.N, then.Hash, index, leaf); err != nil {
		return err
	}
	proof, err = tlog.ProveRecord(tree.N, index, r)
	if err != nil {
		return err
	}
	if err = tlog.CheckRecord(
		proof, tree.N, tree.Hash, index, leaf); err != nil {
		return err
	}
	return consistent(then, tree, r)
}

func consistent(old, tree tlog.Tree, r tlog.HashReader) error {
	proof, err := tlog.ProveTree(tree.N, old.N, r)
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash)
}

func must(what string, err error) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "xmod: %s: %v\n", what, err)
		os.Exit(1)
	}
}

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: xmod DIR VKEY [-old NOTE] [STEM ...]")
		os.Exit(64)
	}
	dir, rest := os.Args[1], os.Args[3:]
	key, err := note.NewVerifier(os.Args[2])
	must("verifier key", err)
	text, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	must("checkpoint", err)
	tree, err := open(text, key)
	must("checkpoint", err)
	r := tlog.TileHashReader(tree, tiles{dir})
	if len(rest) > 1 && rest[0] == "-old" {
		text, err = os.ReadFile(rest[1])
		must(rest[1], err)
		old, err := open(text, key)
		must(rest[1], err)
		must("consistency", consistent(old, tree, r))
		fmt.Printf("consistent %d %d\n", old.N, tree.N)
		rest = rest[2:]
	}
	for _, stem := range rest {
		must(stem, receipt(stem, tree, r, key))
	}
	fmt.Printf("tree %d, %d receipts\n", tree.N, len(rest))
}
