"""Append-only record of who did what to whom (L-1, L-2)."""

from bailiwick.ground.rulings import By

__all__ = ["By"]
