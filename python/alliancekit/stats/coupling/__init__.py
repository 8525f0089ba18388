"""Do the two sides move together? From turns to exchanges, pooled correlation, and mismatched pairs."""
