"""Keys: sealing and opening what is secret, and finding it again without opening it."""
