"""The command line door: `entas <stage> <act>`."""
