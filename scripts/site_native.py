"""What the site shows of the native module: signatures from its stub, docstrings from the built module."""

from __future__ import annotations

import inspect
import re
from typing import Any

import griffe
from realtime_backend import _core

EXAMPLE = re.compile(r"(?:^\n?|(\S))::\n\n(?=    )", re.MULTILINE)
PRIVATE = {"_Track": "Track", "_Compat": "Compat"}
"""Names of types in the stub, and what the pages call them (see `docs/api.md`)."""


def example(match: re.Match[str]) -> str:
    """Return what stands before an indented example."""
    return f"{match[1]}:\n\n" if match[1] else "\n\n"


class Native(griffe.Extension):  # type: ignore[misc]  # griffe comes with what builds the documentation
    """Gives the objects of `realtime_backend._core` their docstrings."""

    def on_package(self, *, pkg: griffe.Module, **_: Any) -> None:
        """Complete the module when the package has been read."""
        self._complete(pkg["_core"], _core)

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Make Markdown of examples behind two colons, and lead links to pages of `docs` out of the folder `api`."""
        if obj.docstring:
            text = EXAMPLE.sub(example, obj.docstring.value)
            obj.docstring.value = re.sub(r"\]\((?=[\w-]+\.md)", "](../", text)

    def _complete(self, found: griffe.Module | griffe.Class, native: Any) -> None:
        """Give what has no docstring that of the native object with the same name."""
        for name, member in found.members.items():
            if name not in vars(native) or name.startswith("__"):
                continue
            if member.is_alias:
                member = member.final_target
            own = getattr(native, name)
            text = inspect.getdoc(own)
            if text and member.docstring is None:
                member.docstring = griffe.Docstring(text, parent=member)
            if isinstance(member, griffe.Class):
                self._complete(member, own)
            if isinstance(member, griffe.Function):
                for one in (member, *(found.overloads.get(name) or ())):
                    self._rename(one)

    def _rename(self, function: griffe.Function) -> None:
        """Give the types of a signature their public names."""
        for parameter in function.parameters:
            if isinstance(parameter.annotation, griffe.Expr):
                for part in parameter.annotation.iterate(flat=True):
                    if isinstance(part, griffe.ExprName) and part.name in PRIVATE:
                        part.name = PRIVATE[part.name]
