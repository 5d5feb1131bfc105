package market

// AllOrigins is for tests.
var AllOrigins = origins
