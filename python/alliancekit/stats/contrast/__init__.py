"""The contrast between conditions: who is compared, on what, with what interval and what p, one idea a file."""
