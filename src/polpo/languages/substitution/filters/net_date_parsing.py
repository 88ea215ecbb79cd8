"""Reading moments in the many forms that .NET takes (invariant culture: the month comes first)."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Callable, Dict, Optional

from polpo.languages.substitution.filters.net_dates import DAYS, MONTHS, Moment

_MONTH = "(?P<month_name>" + "|".join(f"{name[:3]}(?:{name[3:]})?" if name[3:] else name for name in MONTHS) + ")"
_WEEKDAY = "(?:(?P<weekday>" + "|".join(f"{name[:3]}(?:{name[3:]})?" for name in DAYS) + r")\s*,?\s+)?"
_TIME = (
    r"(?P<hour>[0-9]{1,2})(?:\s*:\s*(?P<minute>[0-9]{1,2})(?:\s*:\s*(?P<second>[0-9]{1,2})(?:\.(?P<fraction>[0-9]+))?)?)?"
    r"(?:\s*(?P<half>[AaPp][Mm]?))?"
)
_ZONE = r"(?:\s*(?P<zone>[Zz]|GMT|[+-][0-9]{1,2}(?::?[0-9]{2})?))?"
_DATES = (
    r"(?P<year>[0-9]{4})\s*[-/.]\s*(?P<month>[0-9]{1,2})\s*[-/.]\s*(?P<day>[0-9]{1,2})",
    r"(?P<year>[0-9]{4})\s*[-/.]\s*(?P<month>[0-9]{1,2})",
    r"(?P<year>[0-9]{4})\s+(?P<month>[0-9]{1,2})\s+(?P<day>[0-9]{1,2})",
    r"(?P<month>[0-9]{1,2})\s*[-/.]\s*(?P<day>[0-9]{1,2})\s*[-/.]\s*(?P<year>[0-9]{4}|[0-9]{2})",
    r"(?P<month>[0-9]{1,2})\s+(?P<day>[0-9]{1,2})\s+(?P<year>[0-9]{4})",
    r"(?P<month>[0-9]{1,2})\s*/\s*(?P<year>[0-9]{4})",
    r"(?P<month>[0-9]{1,2})\s*/\s*(?P<day>[0-9]{1,2})",
    rf"{_WEEKDAY}(?P<day>[0-9]{{1,2}})[\s\-/]*{_MONTH}[\s\-,/]*(?P<year>[0-9]{{4}}|[0-9]{{2}})",
    rf"(?P<year>[0-9]{{2}}|[0-9])[\s\-]*{_MONTH}",
    rf"{_WEEKDAY}{_MONTH}[\s\-/]*(?P<day>[0-9]{{1,2}})(?:\s*,\s*|\s+|[-/])(?P<year>[0-9]{{4}})",
    rf"{_MONTH}[\s,]*(?P<year>[0-9]{{4}})",
    rf"{_MONTH}\s*(?P<day>[0-9]{{1,2}})",
    rf"(?P<year>[0-9]{{4}})[\s\-/]+{_MONTH}(?:[\s\-/]+(?P<day>[0-9]{{1,2}}))?",
)
_FORMS = [re.compile(rf"\s*{date}(?:(?:\s*[Tt]\s*|\s*,\s*|\s+){_TIME})?{_ZONE}\s*", re.IGNORECASE) for date in _DATES]
_CLOCK = re.compile(
    r"\s*(?P<hour>[0-9]{1,2})(?=\s*[:AaPp])" + _TIME[len(r"(?P<hour>[0-9]{1,2})") :] + _ZONE + r"\s*", re.IGNORECASE
)


def read_moment(text: str, today: Callable[[], datetime]) -> Optional[Moment]:
    """None for what is no date. A time alone is a time of today."""
    for form in _FORMS:
        match = form.fullmatch(text)
        if match is not None:
            return _moment(match.groupdict(), today)
    match = _CLOCK.fullmatch(text)
    if match is None or (match.group("minute") is None and match.group("half") is None):
        return None
    now = today()
    return _moment({**match.groupdict(), "year": str(now.year), "month": str(now.month), "day": str(now.day)}, today)


def _moment(found: Dict[str, Optional[str]], today: Callable[[], datetime]) -> Optional[Moment]:
    name = found.get("month_name")
    month = [full[:3].lower() for full in MONTHS].index(name[:3].lower()) + 1 if name else int(found["month"] or 0)
    hour = _hour(found)
    if hour is None:
        return None
    minute, second = int(found.get("minute") or 0), int(found.get("second") or 0)
    try:
        day = datetime(_year(found, today), month, int(found.get("day") or 1))  # noqa: DTZ001 - as the clock shows it
        shown = day.replace(hour=hour, minute=minute, second=second)
    except ValueError:
        return None
    weekday = found.get("weekday")
    if weekday and weekday[:3].lower() != DAYS[shown.weekday()][:3].lower():
        return None
    fraction = (found.get("fraction") or "").ljust(8, "0")[:8]
    moment = Moment.of(shown)
    return _placed(moment._replace(ticks=moment.ticks + (int(fraction) + 5) // 10), found.get("zone"))


def _year(found: Dict[str, Optional[str]], today: Callable[[], datetime]) -> int:
    year = found.get("year")
    if not year:
        return today().year
    return int(year) + (0 if len(year) > 2 else 1900 if int(year) > 49 else 2000)


def _hour(found: Dict[str, Optional[str]]) -> Optional[int]:
    """By 24 hours. None for an hour alone, or one that no half of a day has."""
    hour = int(found.get("hour") or 0)
    half = (found.get("half") or "").lower()
    if half:
        afternoon = half.startswith("p")
        return hour % 12 + (12 if afternoon else 0) if hour < (24 if afternoon else 13) else None
    return hour if found.get("minute") or not found.get("hour") else None


def _placed(moment: Moment, zone: Optional[str]) -> Optional[Moment]:
    if not zone:
        return moment
    if zone in "Zz" or zone.upper() == "GMT":
        return moment._replace(offset=0, utc=True)
    hours, minutes = int(zone[1:3].rstrip(":")), int(zone[-2:]) if len(zone) > 3 else 0
    offset = hours * 60 + minutes
    return moment._replace(offset=-offset if zone[0] == "-" else offset) if offset <= 14 * 60 else None
