"""IDM as SPOT reaches it: one HTTP client, discovery, keys, SPOT's own proof of who it is, and the questions it asks.

No models, no decisions: `signin` and `enrollment` decide with what they get here. Never called inside a transaction.
"""
