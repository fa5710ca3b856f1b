"""What others ask the registry; nothing here changes anything."""
