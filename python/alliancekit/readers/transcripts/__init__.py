"""Plain text: which lines are whose, and what on a page is no talk."""
