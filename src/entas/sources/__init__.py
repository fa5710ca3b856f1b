"""Lists exactly as delivered."""
