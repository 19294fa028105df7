"""Capabilities (能力)."""
