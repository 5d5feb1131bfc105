// Package authorisation owns the rules of authorised operation: the lives of resources, agreements, grants and products,
// the statutory proceedings that move them, working days, and the identifiers of bodies, resources and products.
//
// It leaves money to package pricing, orders and entitlements to package ordering, and who may act to package access:
// here an act is judged as if the person behind it were allowed to attempt it.
//
// It promises to be pure. Everything comes in as a value, the time among them, nothing given is changed,
// and no input makes it panic. Days are the calendar days of Asia/Shanghai.
package authorisation
