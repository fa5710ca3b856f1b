"""The list files: one module an office, each writes what that office would send."""
