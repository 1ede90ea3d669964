"""What enrollment asks of programs outside SPOT; called by the worker, never inside a transaction."""
