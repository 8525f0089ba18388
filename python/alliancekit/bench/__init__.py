"""How fast this machine scores, and how that compares with the most that it can do: what `alliance bench` shows."""
