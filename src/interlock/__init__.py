"""Keeps a change from going live while one of its parts is missing."""

__version__ = "0.1.0"
