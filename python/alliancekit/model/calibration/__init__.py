"""The last step of a bundle: the encoder rounded to 8 bits against data, and each precision measured."""

from alliancekit.model.calibration.finish import add_precisions

__all__ = ["add_precisions"]
