"""The door through which applications send their enrollment records (O-4)."""
