"""Training an encoder's upper layers on an inventory's sentences (`alliancekit.model.adaptation`)."""
