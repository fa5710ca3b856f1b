"""What changes the registry: linking lists, and the decisions of people."""
