"""The pages on which passwords are set, in a real browser."""
