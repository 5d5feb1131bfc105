package tabular

import (
	"fmt"
	"regexp"
	"strings"
)

var writtenDay = regexp.MustCompile(`^(\d{4})[-年/.](\d{1,2})[-月/.](\d{1,2})日?$`)

// Day returns a day as 2006-01-02 where it is written as spreadsheets and people do: 2006-1-2, 2006/1/2, 2006.1.2,
// 2006年1月2日; and otherwise the text, which its reader refuses. Whether there is such a day is not looked at.
func Day(text string) string {
	if m := writtenDay.FindStringSubmatch(strings.TrimSpace(text)); m != nil {
		return fmt.Sprintf("%s-%02s-%02s", m[1], m[2], m[3])
	}
	return text
}
