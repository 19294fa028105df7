"""FastAPI plumbing that every feature uses; it knows no feature."""
