"""Working alliance of patient and therapist, inferred from their own language turn by turn."""
