"""What runs inside a measured process: one module a subject, one function a measurement."""
