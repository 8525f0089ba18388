"""`alliance watch`: JSON lines of turns in, JSON lines of updates out, through restarts and bad lines."""
