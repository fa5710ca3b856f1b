"""Delivered files as tables: a header, and rows of cells with their line numbers."""

from entas.sources.reading.detect import FileFacts, examine
from entas.sources.reading.table import ListTable, open_table, read_table

__all__ = ["FileFacts", "ListTable", "examine", "open_table", "read_table"]
