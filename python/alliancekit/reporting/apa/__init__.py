"""Result tables with the conventions of the APA manual, for a page, a paper and a notebook."""
