"""The `bailiwick` command: run programs, prepare their databases, supervise a whole fictitious world."""
