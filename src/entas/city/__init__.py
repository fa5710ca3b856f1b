"""The ground: areas, agencies, and the people who log in."""
