"""What do the scores add on real sessions? AnnoMI, exploratory, never tuned on."""
