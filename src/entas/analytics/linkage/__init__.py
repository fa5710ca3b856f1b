"""Who is who: rows of a list against the register, and the register against itself.

Pure columns in, verdicts out (numpy and rapidfuzz; no Django, no files, no clock).
``keys`` holds the comparable columns, ``blocking`` proposes pairs, ``compare`` turns a
pair into levels of agreement, ``model`` weighs levels, ``score`` weighs rivals, ``link``
and ``duplicates`` decide, ``explain`` says why in words.
"""
