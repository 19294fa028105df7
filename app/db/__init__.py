"""The database floor: SQLAlchemy and nothing above it."""
