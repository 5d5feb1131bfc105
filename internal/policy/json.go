package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"unicode"

	"gongshu/internal/fault"
)

// decode reads one JSON object, without members that are unknown or there twice.
func decode(raw []byte, into any) error {
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	if err := eachOnce(raw); err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fault.New(fault.Invalid, "POLICY_FILE_BROKEN", "The file has not the form that is asked for: %s.", strings.TrimPrefix(err.Error(), "json: "))
	}
	return nil
}

// eachOnce refuses what is not one JSON value, and members that are there twice: the last would silently hold.
func eachOnce(raw []byte) error {
	broken := fault.New(fault.Invalid, "POLICY_FILE_BROKEN", "The file is not one JSON value.")
	d := json.NewDecoder(bytes.NewReader(raw))
	if err := members(d, ""); err != nil {
		var twice *fault.Error
		if errors.As(err, &twice) {
			return twice
		}
		return broken
	}
	if _, err := d.Token(); err != io.EOF {
		return broken
	}
	return nil
}

// members reads one value and looks at the members of its objects.
func members(d *json.Decoder, at string) error {
	token, err := d.Token()
	if err != nil {
		return err
	}
	delimiter, nested := token.(json.Delim)
	if !nested {
		return nil
	}
	seen := map[string]bool{}
	for d.More() {
		here := at
		if delimiter == '{' {
			name, err := d.Token()
			if err != nil {
				return err
			}
			member, _ := name.(string)
			if here = strings.TrimPrefix(at+"."+member, "."); seen[member] {
				return fault.New(fault.Invalid, "MEMBER_TWICE", "This member is there twice.").At(here)
			}
			seen[member] = true
		}
		if err := members(d, here); err != nil {
			return err
		}
	}
	_, err = d.Token()
	return err
}

func hasControl(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) })
}
