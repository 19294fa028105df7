"""Scenario needs (场景需求)."""
