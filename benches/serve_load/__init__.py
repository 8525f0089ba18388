"""A server under load from another process: ``make bench-serve``."""
