"""The ways that others have of turning texts into vectors, beside ours, in one run: ``make bench-peers``."""
