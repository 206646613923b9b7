package ingest

// MaxHouseholds is the largest number of homes that one building may be given;
// more is a slip of the pen.
const MaxHouseholds = 20_000
