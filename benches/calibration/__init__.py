"""What the statistics promise, shown on simulated corpora whose truth is known: ``make calibration``.

One file a question: each has its cells (what is simulated), its outcomes (what is read off one corpus) and its
section of ``docs/calibration.md``. `run` deals corpora to processes and `cache` keeps what was done, so that a long
run can be stopped, resumed and extended.
"""
