"""What the docs quote; each is run by one `make bench-…`."""
