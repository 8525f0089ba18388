"""Fingerprint of the code that figures depend on: changing it starts anew, changing the page's wording does not."""

from __future__ import annotations

import ast
import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from benches.calibration.cell import Cell

ROOT: Final = Path(__file__).parents[2]
STATISTICS: Final = ROOT / "python" / "alliancekit" / "stats"
RESAMPLING: Final = ROOT / "rust" / "stats" / "src"
UNUSED: Final = {"trajectory", "trajectories.py", "mixed", "mixed_model.py"}
"""Parts of the statistics that no cell calls."""


def key_of(cell: Cell) -> str:
    """Name under which a cell's chunks are kept: its parameters and the code."""
    return hashlib.sha256(f"{cell!r}\n{code_version(cell.question)}".encode()).hexdigest()[:20]


@cache
def code_version(question: str) -> str:
    """Fingerprint of a question's outcomes; comments, docstrings and layout do not count."""
    here = Path(__file__).parent
    shared = [ast.dump(_tree(here / name)) for name in ("rejections.py", "naive.py")]
    parts = [_reached(_tree(here / f"{question}.py"), "outcomes"), *shared, _statistics()]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@cache
def _statistics() -> str:
    files = [path for path in sorted(STATISTICS.rglob("*.py")) if not UNUSED & set(path.parts)]
    rust = [path.read_text(encoding="utf-8") for path in sorted(RESAMPLING.rglob("*.rs"))]
    return "\n".join([*(ast.dump(_tree(path)) for path in files), *rust])


def _tree(path: Path) -> ast.Module:
    """Parse a file and drop its docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            node.body = [part for part in node.body if not _is_text(part)]
    return tree


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _reached(tree: ast.Module, name: str) -> str:
    """Give the definitions of a module that one of them needs, itself included: not how its results are shown."""
    known = {key: node for node in tree.body for key in _defined(node)}
    waiting, reached = [name], dict[str, str]()
    while waiting:
        following = waiting.pop()
        if following in known and following not in reached:
            reached[following] = ast.dump(known[following])
            waiting += [node.id for node in ast.walk(known[following]) if isinstance(node, ast.Name)]
    return "\n".join(reached[key] for key in sorted(reached))


def _defined(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)]
