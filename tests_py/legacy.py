"""Search for the voice functions in a legacy checkout (`REALTIME_BACKEND_LEGACY=/path/to/checkout`).

The search only assumes that some Python files in the checkout define functions with the names of the voices.
"""

from __future__ import annotations

import ast
import importlib
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path


def module_name(path: Path) -> tuple[Path, str]:
    """Return the folder to import from and the dotted name of the module at `path`."""
    names, folder = [path.stem], path.parent
    while (folder / "__init__.py").exists():
        names.insert(0, folder.name)
        folder = folder.parent
    return folder, ".".join(names)


def defined(path: Path) -> set[str]:
    """Return the names of the functions at the top level of a Python file."""
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (SyntaxError, UnicodeDecodeError):
        return set()
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def find(checkout: Path, names: Iterable[str]) -> dict[str, Callable[..., Any]]:
    """Import the functions `names` from `checkout`. The last path wins, as in the legacy registry."""
    wanted = set(names)
    found: dict[str, Callable[..., Any]] = {}
    for path in sorted(checkout.rglob("*.py")):
        here = wanted & defined(path)
        if not here:
            continue
        folder, module = module_name(path)
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))
        loaded = importlib.import_module(module)
        found.update({name: getattr(loaded, name) for name in here})
    return found
