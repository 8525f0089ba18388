"""`alliance serve`: sessions over HTTP."""

from pathlib import Path
from typing import Annotated

import typer

from alliancekit.cli import live_options, options


def serve(  # noqa: PLR0913 - a command has as many parameters as options
    *,
    host: Annotated[
        str, typer.Option("--host", help="Address to listen on; another than loopback needs --token-file.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port; 0 for any that is free.")] = 8321,
    token_file: Annotated[
        Path | None, typer.Option("--token-file", help="File whose first line is the token that requests must show.")
    ] = None,
    reference: live_options.ReferenceFile = None,
    state: live_options.StateFolder = None,
    queue: Annotated[
        int, typer.Option("--queue", min=1, help="Turns that may wait; further ones are refused with 429.")
    ] = 1024,
    timeout: Annotated[
        float, typer.Option("--timeout", min=0.1, help="Seconds that a turn may wait for its scores, or 504.")
    ] = 30.0,
    max_body: Annotated[int, typer.Option("--max-body", min=1024, help="Bytes of a request at most, or 413.")] = 1
    << 20,
    active: live_options.Active = live_options.ACTIVE,
    method: options.Method = None,
    bundle: options.Bundle = None,
    threads: options.Threads = None,
    precision: options.PrecisionOption = options.PrecisionChoice.AUTO,
) -> None:
    """Serve scores and live sessions over HTTP, to this machine alone unless told otherwise.

    / shows one session in a browser, /openapi.json describes the rest. Signals need --reference. They are not a
    diagnosis, not a suicide-risk assessment, not crisis detection; what to do with an alert is for people.
    """
    # What only this command needs is imported here, so that `alliance --help` is quick.
    from alliancekit.cli.serving import PACKAGES, read_token  # noqa: PLC0415
    from alliancekit.extras import require  # noqa: PLC0415

    require("serve", *PACKAGES)
    from alliancekit.live.serve.run import check_address, serve  # noqa: PLC0415
    from alliancekit.live.serve.settings import Settings  # noqa: PLC0415
    from alliancekit.live.store import SessionStore  # noqa: PLC0415
    from alliancekit.scorer import Scorer  # noqa: PLC0415

    token = None if token_file is None else read_token(token_file)
    check_address(host, token)
    settings = Settings(waiting_turns=queue, answer_seconds=timeout, body_bytes=max_body)
    scorer = Scorer(bundle, threads=threads, method=method, precision=precision.value)
    store = SessionStore(scorer, live_options.load_reference(reference), folder=state, active=active)
    try:
        serve(scorer, store, settings, host=host, port=port, token=token)
    finally:
        store.close()
