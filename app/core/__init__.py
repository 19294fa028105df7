"""What every floor may use: no web framework, no database, no feature."""
