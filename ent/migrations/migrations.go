// Package migrations holds the versioned migrations of both dialects, made together with the schema by `make migration`.
// A migration that has been applied anywhere is never changed; the next one corrects it.
package migrations

import (
	"embed"
	"io/fs"

	"entgo.io/ent/dialect"
)

//go:embed sqlite/*.sql postgres/*.sql
var files embed.FS

// Of returns the migrations of a dialect, in the order of their names.
func Of(dialectName string) (fs.FS, error) {
	if dialectName == dialect.SQLite {
		return fs.Sub(files, "sqlite")
	}
	return fs.Sub(files, "postgres")
}
