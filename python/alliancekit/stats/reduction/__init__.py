"""From turns to one row per session and scale: sums in one pass, then what they say of a session, one idea a file."""
