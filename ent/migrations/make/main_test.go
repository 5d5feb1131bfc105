package main

import (
	"database/sql"
	"net/url"
	"testing"

	"gongshu/internal/testdb"
)

func TestTheMigrationsLeaveNoDifferenceToTheSchema(t *testing.T) {
	testdb.Each(t, func(t *testing.T, address string) {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		dialect, driver, source, folder := "postgres", "postgres", address, "../postgres"
		if u.Scheme == "sqlite" {
			dialect, driver, source, folder = "sqlite3", "sqlite", "file:"+u.EscapedPath()+"?_pragma=foreign_keys(1)", "../sqlite"
		}
		pool, err := sql.Open(driver, source)
		if err != nil {
			t.Fatal(err)
		}
		if err := diff(t.Context(), dialect, pool, folder, "check"); err != nil {
			t.Fatal(err)
		}
	})
}
