"""Pure computations over columns: tables in, tables out. No Django, no files, no clock."""
