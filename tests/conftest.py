"""Fixtures and Hypothesis profiles for all tests."""

from __future__ import annotations

from pathlib import Path

import hypothesis
import pytest
from tests.support.tiny_encoder import write_tiny_encoder
from tests.support.tiny_inventory import gated_inventory

from alliancekit import Scorer
from alliancekit.model.build import build_bundle

ROOT = Path(__file__).parents[1]

# No test depends on a seed: examples are the same in each run. `--hypothesis-profile thorough` looks further.
hypothesis.settings.register_profile("fast", derandomize=True, deadline=None, max_examples=40, database=None)
hypothesis.settings.register_profile("thorough", derandomize=True, deadline=None, max_examples=1000, database=None)
hypothesis.settings.load_profile("fast")


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a random BERT encoder with 32 components; its limit is 40 tokens. Not to be changed."""
    return write_tiny_encoder(tmp_path_factory.mktemp("encoder") / "tiny-random-bert")


@pytest.fixture(scope="session")
def tiny_inventory_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Inventory file with 12 items in three scales, which allows every method. Not to be changed."""
    path = tmp_path_factory.mktemp("inventory") / "tiny.toml"
    path.write_text(gated_inventory(), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def tiny_bundle(tiny_encoder: Path, tiny_inventory_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a bundle made of the two: small and quick, its scores mean nothing. Not to be changed."""
    output = tmp_path_factory.mktemp("bundle") / "tiny"
    return build_bundle(encoder=tiny_encoder, inventory=tiny_inventory_file, output=output)


@pytest.fixture(scope="session")
def encoder_folder() -> Path:
    """Folder of the default encoder's weights, as `make` unpacks it."""
    folder = ROOT / "build" / "encoder"
    if not (folder / "model.safetensors").is_file():
        pytest.fail(f"{folder} is missing; `make setup` fetches it")
    return folder


@pytest.fixture(scope="session")
def shipped_bundle() -> Path:
    """Folder of the bundle inside the package, as `make` builds it."""
    folder = ROOT / "python" / "alliancekit" / "bundle"
    if not (folder / "bundle.json").is_file():
        pytest.fail(f"{folder} is missing; `make setup` builds it")
    return folder


@pytest.fixture(scope="session")
def bundle_path(shipped_bundle: Path) -> Path:
    """The shipped bundle, for tests of what does not depend on which bundle it is."""
    return shipped_bundle


@pytest.fixture(scope="session")
def scorer(shipped_bundle: Path) -> Scorer:
    """A scorer with the shipped bundle and two threads."""
    return Scorer(shipped_bundle, threads=2)


@pytest.fixture(scope="session")
def annomi_path() -> Path:
    """The real corpus, which has no licence and so is never copied into the repository."""
    path = ROOT.parent / "shared" / "data" / "AnnoMI-simple.csv"
    if not path.is_file():
        pytest.skip("AnnoMI-simple.csv is not beside the checkout (../shared/data); real-data tests need it")
    return path
