"""Door 1: HTML for people with a browser."""
