"""`make bench-speed`: how fast the nearest offers are found, beside other engines on the same texts."""
