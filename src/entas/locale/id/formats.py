"""How Indonesians write days and numbers: 25 November 2026, 14.30 WIB; 12.345,6."""

DATE_FORMAT = "j F Y"
TIME_FORMAT = "H.i"
# T is the name of the zone: WIB.
DATETIME_FORMAT = "j F Y, H.i T"
YEAR_MONTH_FORMAT = "F Y"
MONTH_DAY_FORMAT = "j F"
SHORT_DATE_FORMAT = "d-m-Y"
SHORT_DATETIME_FORMAT = "d-m-Y H.i T"
FIRST_DAY_OF_WEEK = 1

# Days come from people who write the day first, and from browsers, which write the year first.
DATE_INPUT_FORMATS = [
    "%Y-%m-%d",  # 2026-11-25
    "%d-%m-%Y",  # 25-11-2026
    "%d/%m/%Y",  # 25/11/2026
    "%d.%m.%Y",  # 25.11.2026
]
DATETIME_INPUT_FORMATS = ["%Y-%m-%dT%H:%M", "%d-%m-%Y %H.%M", "%d-%m-%Y %H:%M"]
TIME_INPUT_FORMATS = ["%H.%M", "%H:%M"]

DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "."
NUMBER_GROUPING = 3
