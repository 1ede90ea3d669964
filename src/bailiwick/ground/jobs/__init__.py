"""Periodic and long work, in one loop a program."""
