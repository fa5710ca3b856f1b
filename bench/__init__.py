"""Measurements of Entas beside its peers; not part of the product. ``python -m bench --help``."""
