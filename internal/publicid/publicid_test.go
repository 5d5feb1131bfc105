package publicid

import (
	"testing"

	"github.com/google/uuid"
	"go.jetify.com/typeid"
	"pgregory.net/rapid"
)

func TestAgreesWithTheTypeIDLibrary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var id uuid.UUID
		copy(id[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id"))
		theirs, err := typeid.FromUUIDBytesWithPrefix("prd", id[:])
		if err != nil {
			t.Fatal(err)
		}
		ours := Encode("prd", id)
		if ours != theirs.String() {
			t.Fatalf("ours %s, theirs %s", ours, theirs)
		}
		back, ok := Parse("prd", ours)
		if ok != (id != uuid.Nil) || back != id {
			t.Fatalf("%s came back as %v, %v", ours, back, ok)
		}
	})
}

func TestWhatEncodeWouldNotWriteIsNoID(t *testing.T) {
	good := Encode("prd", uuid.MustParse("0190d4a7-6a3e-7c1d-8f54-0242ac120002"))
	for name, text := range map[string]string{
		"nothing":            "",
		"another prefix":     "org" + good[3:],
		"upper case":         "PRD" + good[3:],
		"a letter too few":   good[:len(good)-1],
		"a letter too many":  good + "0",
		"a letter outside":   good[:len(good)-1] + "u",
		"more than 128 bits": "prd_8" + good[5:],
		"the id of nothing":  Encode("prd", uuid.Nil),
		"a bare UUID":        "0190d4a7-6a3e-7c1d-8f54-0242ac120002",
	} {
		if _, ok := Parse("prd", text); ok {
			t.Errorf("%s was taken for an id", name)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("prd_01h455vb4pex5vsknk084sn02q")
	f.Fuzz(func(t *testing.T, text string) {
		if id, ok := Parse("prd", text); ok && Encode("prd", id) != text {
			t.Fatalf("%q is read but not written", text)
		}
	})
}
