"""English of the United States, as Django has it; a time of day says its time zone."""

DATETIME_FORMAT = "N j, Y, P T"
TIME_FORMAT = "P T"
