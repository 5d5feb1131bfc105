package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"

	"gongshu/internal/fault"
)

const (
	// MaxFileBytes bounds a file in JSON. A year of the calendar has about 1 KB, the longest code table 3.
	MaxFileBytes = 1 << 20
	// maxDepth is more than the depth of either form.
	maxDepth = 8
)

// decode reads one JSON value, without members that are unknown or there twice.
func decode(raw []byte, into any) error {
	if len(raw) > MaxFileBytes {
		return fault.New(fault.TooLarge, "POLICY_FILE_TOO_LARGE", "A file of policy in JSON has at most %d bytes.", MaxFileBytes).With("max", MaxFileBytes)
	}
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	if err := eachOnce(raw); err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	var other *json.UnmarshalTypeError
	switch err := d.Decode(into); {
	case errors.As(err, &other):
		return brokenFile("%s is needed here.", needed(other.Type)).At(other.Field)
	case err != nil:
		name, _ := strings.CutPrefix(err.Error(), "json: unknown field ")
		return brokenFile("There is no member %.60s.", name)
	}
	return nil
}

func brokenFile(format string, args ...any) *fault.Error {
	return fault.New(fault.Invalid, "POLICY_FILE_BROKEN", format, args...)
}

// needed names what is to be written where a value of a type is read.
func needed(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "A text"
	case reflect.Slice:
		return "A list"
	}
	return "An object"
}

// eachOnce refuses what is not one JSON value, and members that are there twice: the last would silently hold.
func eachOnce(raw []byte) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	err := members(d, "", maxDepth)
	if err == nil {
		if _, err = d.Token(); err == io.EOF {
			return nil
		}
	}
	var twice *fault.Error
	if errors.As(err, &twice) {
		return twice
	}
	return brokenFile("The file is not one JSON value of the form that is asked for.")
}

// members reads one value of at most a depth and looks at the members of its objects.
func members(d *json.Decoder, at string, depth int) error {
	token, err := d.Token()
	if err != nil {
		return err
	}
	delimiter, nested := token.(json.Delim)
	if !nested {
		return nil
	}
	if depth == 0 {
		return errors.New("too deep")
	}
	seen := map[string]bool{}
	for d.More() {
		here := at
		if delimiter == '{' {
			name, err := d.Token()
			if err != nil {
				return err
			}
			member := named(at, fmt.Sprint(name))
			if here = strings.TrimPrefix(at+"."+member, "."); seen[member] {
				return fault.New(fault.Invalid, "MEMBER_TWICE", "This member is there twice.").At(here)
			}
			seen[member] = true
		}
		if err := members(d, here, depth-1); err != nil {
			return err
		}
	}
	_, err = d.Token()
	return err
}

// named returns what tells a member of an object from the others. The members of the file and of a year are matched whatever
// their case; years, code tables and codes are names of the file's own.
func named(at, member string) string {
	if at == "" || strings.HasPrefix(at, "years.") {
		return strings.ToLower(strings.ToUpper(member)) // both: so the long s is an s here too
	}
	return member
}
