"""Typed errors. Each says what is wrong, where, and what to do; none quotes a transcript's text.

Where Python has a fitting exception the type here is also one of that kind, so that ``except ValueError`` and
``except OSError`` work as people expect.
"""

from __future__ import annotations


class AllianceError(Exception):
    """Base of every error that alliancekit raises on purpose."""


class DataError(AllianceError, ValueError):
    """The data cannot be understood: a column is missing, a role is unknown, a type is wrong."""


class ColumnError(DataError):
    """A column is missing, named twice, or of the wrong type."""


class RoleError(DataError):
    """A role is neither a known name nor mapped to `patient` or `therapist`."""


class ParameterError(AllianceError, ValueError):
    """An argument has a value that is not allowed."""


class InventoryError(AllianceError, ValueError):
    """An inventory file is not valid, or lacks what a method needs."""


class EncoderError(AllianceError, ValueError):
    """An encoder's folder is incomplete, damaged, or of an architecture that is not supported."""


class BundleError(AllianceError, ValueError):
    """A model bundle is missing a part, damaged, foreign, or of another format."""


class IntegrityError(BundleError):
    """A file is not the one whose hash was recorded."""


class RuntimeLibraryError(AllianceError, OSError):
    """The ONNX Runtime library is missing or too old."""


class ForkError(AllianceError, RuntimeError):
    """A scorer was used in a process forked from the one that made it."""


class FileAccessError(AllianceError, OSError):
    """A file or folder is not there, cannot be opened, or is in the way."""


class MissingExtraError(AllianceError, ImportError):
    """What was asked for needs packages of an extra that is not installed."""
