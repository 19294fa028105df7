"""Match reports and the first page."""
