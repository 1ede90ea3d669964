"""Figures beside their limits, and how they are printed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

WIDTHS = (54, 12, 20, 17)


@dataclass(frozen=True)
class Figure:
    """One line. `limit` is None for what is only told; `at_least` says on which side of it the good values lie."""

    name: str
    values: Sequence[float]
    unit: str = ""
    limit: float | None = None
    at_least: bool = False
    digits: int = 2

    @property
    def value(self) -> float:
        return median(self.values)

    @property
    def is_met(self) -> bool:
        if self.limit is None:
            return True
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def cells(self) -> tuple[str, ...]:
        spread = ""
        if len(self.values) > 1:
            spread = f"{self._text(min(self.values))} … {self._text(max(self.values))}"
        return self.name, f"{self._text(self.value)} {self.unit}".strip(), spread, self._limit()

    def _limit(self) -> str:
        if self.limit is None:
            return ""
        sign = "≥" if self.at_least else "≤"
        return f"{sign} {self._text(self.limit)}  {'ok    ' if self.is_met else 'MISSED'}"

    def _text(self, value: float) -> str:
        return f"{value:,.{self.digits}f}"


@dataclass
class Table:
    """A titled group of figures; `remarks` say under which conditions they hold."""

    title: str
    remarks: list[str] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)

    def add(self, name: str, values: float | Sequence[float], unit: str = "", **about: object) -> None:
        known = [values] if isinstance(values, int | float) else list(values)
        self.figures.append(Figure(name, known, unit, **about))

    def show(self) -> None:
        print(f"\n{self.title}")
        for remark in self.remarks:
            print(f"  {remark}")
        _line("", "median", "spread", "limit        ")
        for figure in self.figures:
            _line(*figure.cells())


def _line(*cells: str) -> None:
    first, *rest = (
        cell.ljust(width) if at == 0 else cell.rjust(width)
        for at, (cell, width) in enumerate(zip(cells, WIDTHS, strict=True))
    )
    print(f"  {first}{''.join(rest)}".rstrip(), flush=True)


def missed(tables: Sequence[Table]) -> list[str]:
    """The names of the figures beyond their limits."""
    return [
        f"{table.title}: {figure.name.strip()}"
        for table in tables
        for figure in table.figures
        if not figure.is_met
    ]
