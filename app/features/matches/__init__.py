"""Live rankings of needs and capabilities, explained."""
