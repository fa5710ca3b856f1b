"""The two languages: catalogues (``LC_MESSAGES``) and how days and numbers are written."""
