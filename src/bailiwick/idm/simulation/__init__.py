"""A clock that can be turned: a year of fictitious people on a scratch database, and what is to come on the live one.

Law: nothing of the product imports this room. It decides nothing itself: it asks the product's own queries at another
instant or under other numbers, and on a scratch database it calls the product's own actions and jobs.
"""
