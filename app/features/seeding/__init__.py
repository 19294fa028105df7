"""seeds/ through the same schemas and services as the API."""
