"""Run it: ``make bench-peers``, or ``python -m benches.peers`` for a part. Under eight minutes once all is exported.

Every peer has the same texts, threads and processors, and a process of its own that waits for its turn; the rounds
go from peer to peer, and the best round of each counts. Ratios are to sentence-transformers' default.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from benches.calibration import machine
from benches.peers import exports, fidelity, table
from benches.peers.catalogue import PEERS, ours
from benches.peers.place import Place, Unable
from benches.peers.process import ROOT, Process
from benches.peers.rounds import OPEN_LIMIT_S, Standing, opened, run_rounds
from benches.peers.sample import sample

import alliancekit as ak
from alliancekit import _native
from alliancekit.inventory import read_inventory
from alliancekit.precision import PRECISIONS
from alliancekit.scorer import PACKAGED_BUNDLE

if TYPE_CHECKING:
    from benches.peers.catalogue import Peer
    from benches.peers.fidelity import Fidelity, Items
    from benches.peers.place import Vectors

ANNOMI = ROOT.parent / "shared" / "data" / "AnnoMI-simple.csv"


def main() -> None:
    options = _options()
    texts = _texts(options.corpus, options.turns, options.seed)
    place = Place(str(options.encoder), str(options.exported), str(PACKAGED_BUNDLE), options.threads)
    items = fidelity.Items.of(read_inventory(PACKAGED_BUNDLE / "inventory.toml"))
    if not options.no_export:
        _export(place, items.sentences)
    began = time.monotonic()
    scorer = ak.Scorer(threads=options.threads, precision="float32")
    reference, centroids = scorer.embed(texts), items.centroids(scorer.embed(items.sentences))
    del scorer
    standings = _open(_peers(options.only), place, texts)
    try:
        run_rounds(standings, options.rounds, options.budget)
        found = table.rows(standings, _fidelities(standings, reference, centroids, items))
    finally:
        for standing in standings:
            if standing.process is not None:
                standing.process.end()
    run = _described(options, texts, time.monotonic() - began)
    print(_heading(run))
    print(table.markdown(found, len(texts)))
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(table.as_json(found, run), indent=2) + "\n", encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=ANNOMI, help="AnnoMI-simple.csv")
    parser.add_argument("--turns", type=int, default=2500, help="of the corpus, sampled with a seed; 0: all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=_native.available_threads())
    parser.add_argument("--rounds", type=int, default=3, help="at most; the best counts")
    parser.add_argument("--budget", type=float, default=300, help="seconds after which no further round begins")
    parser.add_argument("--only", nargs="*", default=[], help="parts of the names of the peers to run")
    parser.add_argument("--encoder", type=Path, default=ROOT / "build" / "encoder")
    parser.add_argument("--exported", type=Path, default=ROOT / "build" / "peers")
    parser.add_argument("--no-export", action="store_true", help="take the exports as they are")
    parser.add_argument("--json", type=Path, default=ROOT / "build" / "peers" / "peers.json")
    return parser.parse_args()


def _texts(corpus: Path, turns: int, seed: int) -> list[str]:
    if not corpus.exists():
        sys.exit(f"{corpus} is not there; say where AnnoMI-simple.csv is with --corpus FILE")
    return sample(pl.read_csv(corpus)["utterance_text"].drop_nulls().to_list(), turns, seed)


def _export(place: Place, sentences: list[str]) -> None:
    python = ROOT / ".venv-peers" / "bin" / "python"
    if not exports.missing(Path(place.exported)) or not python.exists():
        return
    print("» exporting the weights for the peers (minutes, once)", file=sys.stderr)
    command = [str(python), "-m", "benches.peers.exports", place.encoder, place.exported]
    subprocess.run(command, cwd=ROOT, input=json.dumps(sentences), text=True, check=False, stdout=subprocess.DEVNULL)  # noqa: S603 - our own


def _peers(only: list[str]) -> list[Peer]:
    peers = [*PEERS, *ours(tuple(tier for tier in PRECISIONS if tier != "auto"))]
    return [peer for peer in peers if not only or any(part.lower() in peer.name.lower() for part in only)]


def _open(peers: list[Peer], place: Place, texts: list[str]) -> list[Standing]:
    standings = []
    for peer in peers:
        standing = opened(peer, lambda peer: Process(peer, place.threads), place.as_message(), texts)
        print(f"  {peer.name}: {standing.reason or 'ready'}", file=sys.stderr)
        standings.append(standing)
    return standings


def _fidelities(standings: list[Standing], reference: Vectors, centroids: Vectors, items: Items) -> dict[str, Fidelity]:
    found: dict[str, Fidelity] = {}
    with tempfile.TemporaryDirectory() as folder:
        for number, standing in enumerate(standings):
            path, own = Path(folder) / f"{number}.npy", standing.peer.own_space
            sentences = items.sentences if own else []
            try:
                if standing.process is None or not standing.seconds:
                    continue
                standing.process.ask("vectors", OPEN_LIMIT_S, path=os.fspath(path), sentences=sentences)
            except Unable as error:
                standing.reason = str(error)
                continue
            vectors: Vectors = np.load(path)
            turns, rest = vectors[: standing.count], vectors[standing.count :]
            found[standing.peer.name] = fidelity.fidelity(
                turns, reference, centroids, items.centroids(rest) if own else None
            )
    return found


def _described(options: argparse.Namespace, texts: list[str], seconds: float) -> dict[str, Any]:
    return {
        "date": time.strftime("%Y-%m-%d"),
        "machine": machine.line(),
        "features": _native.processor_features(),
        "load": os.getloadavg()[0],
        "threads": options.threads,
        "corpus": options.corpus.name,
        "turns": len(texts),
        "seed": options.seed,
        "rounds": options.rounds,
        "seconds": round(seconds, 1),
    }


def _heading(run: dict[str, Any]) -> str:
    return (
        f"{run['date']} · {run['machine']} ({' '.join(run['features'])}) · {run['threads']} threads · {run['corpus']}: "
        f"{run['turns']:,} turns sampled with seed {run['seed']}, evenly over their lengths, repeats not skipped · "
        f"best of up to {run['rounds']} interleaved rounds · {run['seconds']:.0f} s, load {run['load']:.1f}\n"
    )


if __name__ == "__main__":
    main()
