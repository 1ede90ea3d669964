"""What a day is: whole, in the deployment's time zone (docs/rules.md, "Days"). Pure; the zone and `now` are passed in."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def day_of(instant: datetime, zone: ZoneInfo) -> date:
    """The calendar day of an instant where the deployment is."""
    return instant.astimezone(zone).date()


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """00:00 of that day, aware, in UTC."""
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(ZoneInfo("UTC"))


def after_full_days(since: datetime, span: timedelta, zone: ZoneInfo) -> datetime:
    """When "at day N" begins: 00:00 after N full days. The day of `since` itself is not a full one."""
    return start_of(day_of(since, zone) + timedelta(days=span.days + 1), zone)


def due_date(since: datetime, span: timedelta, zone: ZoneInfo) -> date:
    """The date something is due; it ends with that day, so `after_full_days` is the first instant too late."""
    return day_of(since, zone) + timedelta(days=span.days)


def oldest_still_within(now: datetime, span: timedelta, zone: ZoneInfo) -> datetime:
    """The earliest `since` for which "at day N" has not begun at `now`: the same rule, asked by a database."""
    return start_of(day_of(now, zone) - timedelta(days=span.days), zone)
