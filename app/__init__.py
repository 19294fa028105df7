"""Duijie (对接): the supply-demand docking backend."""

from importlib.metadata import version

__version__ = version("duijie")
