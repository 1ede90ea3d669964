"""Spanish of the United States: the clock of twelve hours with its zone, the decimal point, the month first in short dates."""

DATETIME_FORMAT = r"j \d\e F \d\e Y \a \l\a\s g:i a T"
TIME_FORMAT = "g:i a T"
SHORT_DATE_FORMAT = "m/d/Y"
SHORT_DATETIME_FORMAT = "m/d/Y g:i a"
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
