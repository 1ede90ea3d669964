"""Cores, processor time and memory, as the kernel counts them (Linux)."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class Cores:
    """What is measured runs on one core whole, database included; whoever asks it runs on the other."""

    measured: int
    asking: int

    @property
    def are_apart(self) -> bool:
        return self.measured != self.asking


def cores() -> Cores:
    """The first and the last core that this process may use; the same one where there is no other."""
    usable = sorted(os.sched_getaffinity(0))
    return Cores(usable[0], usable[-1])


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """Keep this thread, and every process started meanwhile, on that core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def family_of(process: int) -> list[int]:
    """A process and everything below it."""
    parents: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            # The name, in parentheses, may hold blanks; the parent is the second word after it.
            words = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents.setdefault(int(words[1]), []).append(int(folder.name))
    found, waiting = [], [process]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += parents.get(one, [])
    return found


def processor_seconds(processes: list[int]) -> float:
    """Processor time that these have used, all their threads, to the nanosecond; the gone count nothing."""
    return sum(map(_seconds_of, processes))


def _seconds_of(process: int) -> float:
    try:
        # What clock_getcpuclockid(3) computes: bit 1 for the scheduler's clock, the id inverted above it.
        return time.clock_gettime((~process << 3) | 2)
    except OSError:
        return 0.0


def memory_mib(process: int) -> tuple[float, float]:
    """(PSS, RSS) in MiB: shared pages divided among their users, and counted whole."""
    sizes = {"Pss": 0, "Rss": 0}
    try:
        told = Path(f"/proc/{process}/smaps_rollup").read_text()
    except PermissionError:
        # The programs show their memory to root alone; what they share is then counted whole.
        told = Path(f"/proc/{process}/status").read_text().replace("VmRSS", "Rss")
        told += "\n" + next(line for line in told.splitlines() if line.startswith("Rss")).replace(
            "Rss", "Pss"
        )
    for line in told.splitlines():
        name, _, rest = line.partition(":")
        if name in sizes:
            sizes[name] = int(rest.split()[0]) * 1024
    return sizes["Pss"] / MEBIBYTE, sizes["Rss"] / MEBIBYTE
