"""XML files, without entities, document types or anything from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException, ElementTree

from alliancekit.errors import DataError, FileAccessError
from alliancekit.readers.limits import too_long

if TYPE_CHECKING:
    from pathlib import Path
    from xml.etree.ElementTree import Element

    from alliancekit.readers.options import ReadOptions


def tree(path: Path, options: ReadOptions) -> Element:
    """Give the root element of an XML document.

    Raises:
        DataError: it is not well-formed, has a document type, or has more than `max_record_bytes`.

    """
    try:
        data = path.read_bytes() if path.stat().st_size <= options.max_record_bytes else None
    except OSError as error:
        raise FileAccessError(f"{path}: cannot be read: {error.strerror}.") from None
    if data is None:
        raise too_long(path, "document", 1, options.max_record_bytes)
    try:
        root: Element = ElementTree.fromstring(data, forbid_dtd=True)
    except ParseError as error:
        line, column = error.position
        raise DataError(
            f"{path}: not well-formed XML at line {line}, column {column + 1}. Mend the file, or export it again."
        ) from None
    except DefusedXmlException:
        raise DataError(f"{path}: the XML has a document type or entities of its own, which are not read.") from None
    except (ValueError, LookupError):
        raise DataError(f"{path}: the XML names an encoding that cannot be read. Save it as UTF-8.") from None
    return root
