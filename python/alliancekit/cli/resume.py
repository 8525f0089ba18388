"""`alliance resume`: go on with a run that was stopped."""

from pathlib import Path

from alliancekit.cli.options import ProgressChoice, RunFolder, RunProgress, Strict, Threads


def resume(
    output: RunFolder,
    *,
    threads: Threads = None,
    strict: Strict = False,
    progress: RunProgress = ProgressChoice.AUTO,
) -> None:
    """Go on with `alliance score -o FOLDER/` where it was stopped; the end is the same, byte for byte."""
    # What only this command needs is imported here, so that `alliance --help` is quick.
    from alliancekit.cli.corpus_run import go_on_with  # noqa: PLC0415

    go_on_with(Path(output), threads=threads, strict=strict, progress=progress)
