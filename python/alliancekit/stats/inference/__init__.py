"""From the session table to estimates with their uncertainty: clusters, resampling, intervals, p, one idea a file."""
