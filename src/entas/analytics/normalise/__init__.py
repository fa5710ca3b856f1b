"""Names, addresses and dates brought to comparable form, once, at import.

Pure text in, keys out. ``NORMALISER_VERSION`` is stored beside every key; a
change here means the register must be keyed anew.
"""

NORMALISER_VERSION = 1
