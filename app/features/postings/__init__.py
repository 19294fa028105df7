"""What needs and capabilities have in common: life cycle, versions, visibility, lists."""
