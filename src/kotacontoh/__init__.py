"""Kota Jambi as it could be: a synthetic city, its offices' list files and the truth behind them.

Independent of the product: it writes files and drives the command line, and imports nothing else.
"""

__version__ = "0.1.0"
