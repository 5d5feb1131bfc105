//go:build !unix

package hold

import "os"

// lock leaves it to whoever starts the program that only one process has the folder.
func lock(*os.File) error { return nil }
