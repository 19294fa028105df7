"""Industries, regions, scenarios and technologies: the shared vocabulary."""
