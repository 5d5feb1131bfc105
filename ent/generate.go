// Package ent holds the stored shape of the market: schema by hand, db generated from it, migrations for both dialects.
package ent

//go:generate go run entc.go
