"""What other systems keep in step by: the feed of changes."""
