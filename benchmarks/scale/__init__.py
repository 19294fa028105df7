"""`make bench-scale`: the whole service over HTTP with very many published postings."""
