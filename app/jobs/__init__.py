"""Durable work in the background: what a job is, and the worker that runs them. No features."""
