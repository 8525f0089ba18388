"""Scores and results as other tools read them: spreadsheets, SPSS, R."""
