"""The linkage model that comes with this version of Entas."""
