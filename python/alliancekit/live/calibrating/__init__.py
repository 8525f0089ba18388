"""A reference from a corpus: what is usual (`usual`), how far sessions go (`furthest`), limits from that (`limits`)."""
