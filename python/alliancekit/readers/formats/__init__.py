"""One module a format; each names what it reads in `FORMATS`, and `registry.py` puts them in order."""
