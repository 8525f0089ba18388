"""Does the packaged model hear the alliance, negation and all? Measured on sentences that nothing is fitted to."""
