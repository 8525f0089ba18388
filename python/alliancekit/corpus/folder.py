"""The folder of a run before it begins and after it ends: what may be there, and what is taken away."""

from __future__ import annotations

import shutil
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from alliancekit.corpus.manifest import config_hash, read_manifest
from alliancekit.errors import FileAccessError, IntegrityError, ParameterError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alliancekit.corpus.layout import Layout
    from alliancekit.corpus.plan import Plan
    from alliancekit.storage import Storage


def check_folder(layout: Layout, *, resume: bool) -> None:
    """Refuse a folder that a run cannot be begun in.

    Args:
        layout: of the folder.
        resume: whether a run that is there is to be gone on with.

    Raises:
        ParameterError: something is there.
        FileAccessError: it is a file.

    """
    folder = layout.folder
    if not folder.exists():
        return
    if not folder.is_dir():
        raise FileAccessError(f"{folder}: is a file. Name a folder.")
    if resume and (layout.plan.exists() or layout.manifest.exists()):
        return
    if layout.manifest.exists():
        raise ParameterError(f"{folder}: holds a complete run. Name another folder, or delete this one.")
    if layout.plan.exists():
        raise ParameterError(
            f"{folder}: holds a run that is not finished. Go on with `alliance resume {folder}`, or delete the folder."
        )
    others = sorted(path.name for path in folder.iterdir() if path != layout.unfinished)
    if [name for name in others if not name.endswith(".tmp")]:
        raise ParameterError(f"{folder}: is not empty. Name another folder.")


def clear_temporary(layout: Layout, storage: Storage) -> None:
    """Remove what a killed process was writing; the lock is held.

    Raises:
        FileAccessError: the file system refuses.

    """
    try:
        for path in layout.temporary():
            if path.is_dir():
                shutil.rmtree(path)
            else:
                storage.remove(path)
    except OSError as error:
        raise FileAccessError(f"{layout.folder}: cannot be written: {error.strerror}.") from None


def forget(layout: Layout, storage: Storage) -> None:
    """Remove a plan of which no part is done, so that nothing has to be gone on with.

    The plan last: a part without a plan would be taken for somebody else's file.
    """
    with suppress(OSError):
        storage.remove(layout.part(0))
        storage.remove(layout.plan)


def complete(layout: Layout, plan: Plan) -> Mapping[str, Any]:
    """Give the manifest of a complete run, if it is of this plan.

    Raises:
        IntegrityError: it is another, or damaged.

    """
    manifest = read_manifest(layout.folder)
    same = {
        "inputs": dict(plan.inputs) == manifest["inputs"],
        "side tables": dict(plan.sides) == manifest["side_tables"],
        "configuration": config_hash(plan) == manifest["config"]["sha256"],
        "bundle": dict(plan.bundle) == manifest["bundle"],
    }
    other = [name for name, equal in same.items() if not equal]
    if other:
        raise IntegrityError(
            f"{layout.folder}: holds a complete run of another kind: {', '.join(other)} differ. Name another folder."
        )
    return manifest


def remove_unfinished(layout: Layout, storage: Storage) -> None:
    """Remove what `resume` needs, the plan first, without which the rest says nothing; the lock goes with its holder.

    Raises:
        FileAccessError: the file system refuses; the run is complete all the same.

    """
    try:
        storage.remove(layout.plan)
        for path in sorted(layout.unfinished.glob("*.json")):
            storage.remove(path)
    except OSError as error:
        raise FileAccessError(f"{layout.unfinished}: cannot be removed: {error.strerror}.") from None
