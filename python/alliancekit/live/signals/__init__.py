"""Signals: scores become surprise (`level`), surprise evidence (`cusum`), and evidence states (`states`)."""
