"""Draws a state machine's table as a Mermaid diagram: `docs/states/*.md` hold what this draws."""

from collections.abc import Mapping
from enum import Enum
from pathlib import Path

STATES = Path(__file__).resolve().parents[2] / "docs" / "states"


def diagram(steps: Mapping[Enum, Mapping[Enum, Enum]], *, start: Enum) -> str:
    """The diagram of a table, from its first state to those that nothing leaves."""
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {start.value}"]
    for state, exits in steps.items():
        lines += [f"    {state.value} --> {after.value}: {event.value}" for event, after in exits.items()]
        if not exits:
            lines.append(f"    {state.value} --> [*]")
    return "\n".join([*lines, "```"])


def drawn(name: str) -> str:
    """The diagram that the documents show."""
    text = (STATES / f"{name}.md").read_text()
    return text[text.index("```mermaid") : text.rindex("```") + 3]
