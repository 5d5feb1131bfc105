package main

import (
	"fmt"
	"runtime"
	"strings"
)

// number is set by the linker of a release: -X main.number=v1.2.3.
var number = "development"

// version prints which program this is.
func version() error {
	_, err := fmt.Printf("gongshu %s (%s, %s/%s)\n", number, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

// released is the number where it names one program for certain, else "".
func released() string {
	if number == "development" || strings.HasSuffix(number, "-dirty") {
		return ""
	}
	return number
}
