"""A linear mixed model of scores over role, position and condition: cells, design, fit, tables, one idea a file."""
