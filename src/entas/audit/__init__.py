"""Who did what and who looked at whom: append-only and hash-chained."""
