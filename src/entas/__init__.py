"""Entas: from the lists a city keeps to one registry of persons."""

__version__ = "0.1.0"
