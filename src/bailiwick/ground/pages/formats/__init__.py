"""How dates, times and numbers are written where Django's way is not that of the United States."""
