"""What scoring costs by length, repeats and threads, and what that says of a million and a billion turns."""
