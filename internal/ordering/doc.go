// Package ordering owns the rules between a product on the market and its use: the life of an order, applications for
// free use, entitlements with their quota and purpose, and the safe repetition of requests.
//
// It leaves what a use costs to package pricing, whether the product may be on the market to package authorisation,
// and who may act to package access.
//
// It promises to be pure: the time is a parameter, nothing given is changed, no input makes it panic.
// Days and months are those of Asia/Shanghai.
package ordering
