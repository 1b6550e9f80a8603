"""The report of a session: what was measured, and what differs from the declared values."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ._document import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..analysis import Analysis, Levels, Verification


@dataclass(frozen=True)
class Report:
    """Levels, carriers and beats of a session, and the comparison with the declared ones.

    A notebook shows it as tables. ``str`` gives it as text.
    """

    verification: Verification
    """The comparison of the sound with the declared values."""

    @property
    def analysis(self) -> Analysis:
        """Everything that was measured."""
        return self.verification.analysis

    def __str__(self) -> str:
        return f"{self.verification}\n\n{self.analysis}"

    def _repr_html_(self) -> str:
        found = self.verification
        agree = sum(row.passed for row in found.comparisons)
        verdict = "passed" if found.passed else "differs"
        head = f"<p>{verdict}: {agree} of {len(found.comparisons)} values agree</p>"
        levels = _table(
            ("", "loudness", "short-term at most", "range", "true peak", "crest factor", "correlation", "loss in mono"),
            [
                ("whole", *_levels(self.analysis.whole)),
                *(
                    (f"{step.start:.1f} to {step.end:.1f} s {step.description}", *_levels(step.levels))
                    for step in self.analysis.steps
                ),
            ],
        )
        rows = [
            (
                "ok" if row.passed else "differs",
                row.path,
                row.quantity,
                f"{row.at:.1f} s",
                f"{row.declared:.3f} {row.unit}",
                "not found" if row.measured is None else f"{row.measured:.3f} {row.unit}",
                f"{row.tolerance:.3f}",
            )
            for row in found.comparisons
        ]
        compared = _table(("", "", "", "at", "declared", "measured", "tolerance"), rows) if rows else ""
        return head + levels + compared


def _levels(levels: Levels) -> tuple[str, ...]:
    def known(value: float | None, unit: str) -> str:
        return "" if value is None else f"{value:.1f} {unit}"

    correlation = levels.interaural_correlation
    return (
        known(levels.integrated_lufs, "LUFS"),
        known(levels.short_term_max_lufs, "LUFS"),
        known(levels.loudness_range_lu, "LU"),
        known(levels.true_peak_dbtp, "dBTP"),
        known(levels.crest_factor_db, "dB"),
        "" if correlation is None else f"{correlation:.2f}",
        known(levels.mono_loss_db, "dB"),
    )


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    def line(kind: str, cells: tuple[str, ...]) -> str:
        return "<tr>" + "".join(f"<{kind}>{html.escape(printable(cell))}</{kind}>" for cell in cells) + "</tr>"

    return f"<table>{line('th', head)}{''.join(line('td', row) for row in rows)}</table>"
