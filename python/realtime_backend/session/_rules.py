"""The compatibility rules of a session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import _core

if TYPE_CHECKING:
    from collections.abc import Mapping


def is_on(compat: str | Mapping[str, Any] | None, switch: str) -> bool:
    """Return whether a compatibility switch is on under these rules, a preset or single switches."""
    rules = {"preset": compat or "default"} if compat is None or isinstance(compat, str) else compat
    values = next(row for row in _core.compat_table() if row["name"] == switch)
    return bool(rules.get(switch, values.get(rules.get("preset", "default"), False)))
