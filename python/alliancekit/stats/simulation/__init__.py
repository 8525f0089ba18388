"""Score-level corpora whose true values are known: the plan, the draws, the truth, one idea a file."""
