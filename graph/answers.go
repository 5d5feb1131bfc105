package graph

import (
	"fmt"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/internal/fault"
	"gongshu/internal/publicid"
)

// refusals splits what a use-case returned: what a person can act on becomes the payload's errors, the rest a top-level error.
func refusals(err error) ([]*fault.Error, error) {
	all := fault.All(err)
	if len(all) == 0 {
		return []*fault.Error{}, err
	}
	for _, f := range all {
		switch f.Kind {
		case fault.Invalid, fault.NotFound, fault.Conflict:
		default:
			return nil, err
		}
	}
	return all, nil
}

// orNil makes the absent null: an object that the viewer may not see is as one that is not there.
func orNil[T any](row *T, err error) (*T, error) {
	if db.IsNotFound(err) || fault.CodeOf(err) == "NOT_FOUND" {
		return nil, nil
	}
	return row, err
}

// textOf is an optional text of an input, "" when it is left out or null.
func textOf(o graphql.Omittable[*string]) string {
	if text := o.Value(); text != nil {
		return *text
	}
	return ""
}

// nonEmpty makes the empty text null.
func nonEmpty(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// paramIDs are the parameters of faults that are ids, with the prefix of each.
var paramIDs = map[string]string{"proceeding": proceedingID}

// paramText is a value of a fault as text; names are listed with commas.
func paramText(name string, value any) string {
	switch value := value.(type) {
	case []string:
		return strings.Join(value, ", ")
	case uuid.UUID:
		return publicid.Encode(paramIDs[name], value)
	}
	return fmt.Sprint(value)
}
