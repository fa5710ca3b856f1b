"""Persons, families, households and the links to the lists."""
