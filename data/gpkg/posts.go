package gpkg

import (
	"context"
	"strconv"

	"github.com/paulmach/orb"

	"gridbeat/geo"
)

const (
	listPosts  = `SELECT id, node, tags, geom FROM posts ORDER BY node`
	findPost   = `SELECT id, node, tags, geom FROM posts WHERE id = ?1`
	insertPost = `INSERT INTO posts (id, node, tags, geom) VALUES (?1, ?2, ?3, ?4)`
	updatePost = `UPDATE posts SET node = ?2, tags = ?3, geom = ?4 WHERE id = ?1`
)

var posts = records[geo.Post]{
	noun: "post", table: "posts", layer: true, keyed: 1,
	find: findPost, insert: insertPost, update: updatePost,
	bind: func(v geo.Post) ([]any, error) {
		at, err := encode(v.At)
		return []any{"n" + strconv.FormatInt(v.Node, 10), v.Node, asJSON(tagTable(v.Tags)), at}, err
	},
}

func scanPost(row scanner) (v geo.Post, err error) {
	var id string
	var at []byte
	if err := row.Scan(&id, &v.Node, jsonText{&v.Tags}, &at); err != nil {
		return v, err
	}
	v.At, err = decode[orb.Point](at)
	return v, err
}

// Posts lists the posts by node.
func (s *Store) Posts(ctx context.Context) ([]geo.Post, error) {
	return readAll(ctx, s, "posts", listPosts, scanPost)
}
