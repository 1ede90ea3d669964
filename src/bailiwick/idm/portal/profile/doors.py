"""Who may change what protects an account (S-6)."""

from bailiwick.idm.sessions.doors import freshly_verified

sensitive = freshly_verified()
