//go:build ignore

package main

import (
	"log"

	"entgo.io/ent/entc"
	"entgo.io/ent/entc/gen"
)

func main() {
	err := entc.Generate("./schema", &gen.Config{
		Target:   "./db",
		Package:  "gongshu/ent/db",
		Features: []gen.Feature{gen.FeatureIntercept, gen.FeatureModifier},
	})
	if err != nil {
		log.Fatal(err)
	}
}
