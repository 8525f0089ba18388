"""The last step of a bundle: the encoder rounded to 8 bits against data, and each precision measured."""

from alliancekit.model.calibration.finish import add_precisions, measure_precisions, take_over_int8

__all__ = ["add_precisions", "measure_precisions", "take_over_int8"]
