"""What one Argon2id costs whoever makes it (P-3). Programs keep the default; tests in process know a cheaper one."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Cost:
    """OWASP's least for Argon2id on one lane: some 25 ms of a core. `memory_kib` in KiB."""

    passes: int = 2
    memory_kib: int = 19_456
