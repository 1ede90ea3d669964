"""A proofing vendor's double: plays the vendor over real HTTP, with fictitious people, in development and tests only. (V-6)"""
