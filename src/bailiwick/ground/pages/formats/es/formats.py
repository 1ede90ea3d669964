"""Spanish of the United States: the clock of twelve hours, the decimal point, the month before the day in short dates."""

DATETIME_FORMAT = r"j \d\e F \d\e Y \a \l\a\s g:i a"
TIME_FORMAT = "g:i a"
SHORT_DATE_FORMAT = "m/d/Y"
SHORT_DATETIME_FORMAT = "m/d/Y g:i a"
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
