"""The applications out there, as IDM calls them: this room's only network calls."""
