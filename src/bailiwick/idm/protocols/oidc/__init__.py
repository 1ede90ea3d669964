"""IDM as an OpenID Provider (O-1): Authlib parses and signs, `checks` decides, `actions` writes."""
