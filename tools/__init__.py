"""What developers run: the catalogues of the two languages."""
