"""`make bench`: the hot paths over real HTTP, each figure beside its limit, both sides of a ratio from the same run."""
