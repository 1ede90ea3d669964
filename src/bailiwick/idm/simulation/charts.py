"""Charts as SVG, drawn by hand: no script, no font, no file but the page itself. Pure; the same numbers, the same bytes.

Each has a title and a description for whoever does not see it; the report puts the numbers themselves in a table beside.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 760, 270
LEFT, RIGHT, TOP, BOTTOM = 60, 24, 24, 34
STEPS = 4
# Told apart without color vision, too (Okabe and Ito); lines also differ by their dashes, and are named in this order.
COLORS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#5b5b5b", "#f0e442")
DASHES = ("", "7 3", "2 3", "9 3 2 3", "4 2", "1 4", "12 4", "6 6")


@dataclass(frozen=True)
class Series:
    """One named row of numbers, a value for each label of its chart."""

    name: str
    values: Sequence[float]


@dataclass(frozen=True)
class Chart:
    """`labels`: what stands below, one for each value; days, or weeks by their first. `marks`: which of them are drawn.

    `unit`: what is counted upwards. `is_stacked`: bars on top of each other instead of lines.
    """

    title: str
    description: str
    labels: Sequence[str]
    series: Sequence[Series]
    unit: str
    marks: Sequence[int]
    is_stacked: bool = False

    @property
    def highest(self) -> float:
        if not self.is_stacked:
            return max((value for one in self.series for value in one.values), default=0)
        return max(
            (sum(column) for column in zip(*(one.values for one in self.series), strict=True)), default=0
        )

    def legend(self) -> list[tuple[str, str, str]]:
        """(name, color, dashes) of each series, in their order."""
        return [(one.name, color_of(at), _dashes(at)) for at, one in enumerate(self.series)]


def color_of(at: int) -> str:
    return COLORS[at % len(COLORS)]


def _dashes(at: int) -> str:
    return DASHES[at % len(DASHES)]


def nice_top(highest: float) -> int:
    """The smallest of 4, 8, 12, 20, 40, 60, 80, 100, 200, … that is not below: four even steps, whole numbers."""
    scale = 1
    while True:
        for part in (4, 8, 12, 20, 28):
            if part * scale >= highest:
                return part * scale
        scale *= 10


def svg(chart: Chart, *, identifier: str) -> str:
    """The chart as one `<svg>` element. `identifier` makes its ids unique on the page."""
    top = nice_top(chart.highest)
    drawn = _bars(chart, top) if chart.is_stacked else _lines(chart, top)
    return "\n".join(
        [
            f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="{identifier}-title {identifier}-says">',
            f'<title id="{identifier}-title">{escape(chart.title)}</title>',
            f'<desc id="{identifier}-says">{escape(chart.description)}</desc>',
            *_grid(top),
            f'<text x="{LEFT}" y="12">{escape(chart.unit)}</text>',
            *_days(chart),
            *drawn,
            "</svg>",
        ]
    )


def _x(at: float, count: int) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * at / max(count, 1)


def _y(value: float, top: int) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top)


def _grid(top: int) -> list[str]:
    found = []
    for step in range(STEPS + 1):
        value = top * step // STEPS
        y = _y(value, top)
        found.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#dcdee0"/>')
        found.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{value:,}</text>')
    return found


def _days(chart: Chart) -> list[str]:
    count = len(chart.labels)
    return [
        f'<text x="{_x(at + 0.5, count):.1f}" y="{HEIGHT - 10}" text-anchor="middle">{escape(chart.labels[at])}</text>'
        for at in chart.marks
    ]


def _lines(chart: Chart, top: int) -> list[str]:
    found = []
    for at, one in enumerate(chart.series):
        points = " ".join(
            f"{_x(place + 0.5, len(one.values)):.1f},{_y(value, top):.1f}"
            for place, value in enumerate(one.values)
        )
        dashes = f' stroke-dasharray="{_dashes(at)}"' if _dashes(at) else ""
        found.append(
            f'<polyline points="{points}" fill="none" stroke="{color_of(at)}" stroke-width="2"{dashes}/>'
        )
    return found


def _bars(chart: Chart, top: int) -> list[str]:
    found, count = [], len(chart.labels)
    width = (WIDTH - LEFT - RIGHT) / max(count, 1) * 0.8
    below = [0.0] * count
    for at, one in enumerate(chart.series):
        for place, value in enumerate(one.values):
            if not value:
                continue
            x, y = _x(place + 0.1, count), _y(below[place] + value, top)
            height = _y(below[place], top) - y
            below[place] += value
            found.append(
                f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{color_of(at)}">'
                f"<title>{escape(chart.labels[place])}: {escape(one.name)} {value:,.0f}</title></rect>"
            )
    return found
