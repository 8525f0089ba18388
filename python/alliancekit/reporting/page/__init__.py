"""The page: one section a question, one template, no network."""
