"""How long the statistics take on ten million turns, beside pandas, numpy, scipy and statsmodels doing the same."""
