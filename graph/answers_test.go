package graph

import (
	"context"
	"testing"

	"gongshu/internal/fault"
)

func TestParams(t *testing.T) {
	said := fault.New(fault.Conflict, "RESOURCE_NOT_CLASSIFIED", "…").With("items", []string{"车牌", "住址"}).With("max", 12)
	params, err := new(userErrorResolver).Params(context.Background(), said)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, param := range params {
		got[param.Name] = param.Value
	}
	if len(got) != 2 || got["items"] != "车牌, 住址" || got["max"] != "12" {
		t.Errorf("the values are %v", got)
	}
}
