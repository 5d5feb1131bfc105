// Package browser drives the program with a browser: it serves the demo market on each database and lets Node run
// web-client/e2e against it, and asks the examples of the explorer as the roles that they are listed under.
//
// It owns the market and how a failure is told; what a browser does is web-client/e2e's. It promises that what it tests
// is the client as it was built last: without a build it fails and names the command.
package browser
