"""Enterprises and providers."""
