"""What the formats of captions and of transcribed speech share: cues, tiers, times, and the codes in their texts."""
