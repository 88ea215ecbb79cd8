"""Time zones by the names that clients give them: those of the IANA, and those of Windows."""

from __future__ import annotations

import zoneinfo
from functools import lru_cache

#: Zones of Windows, each with the zone of the IANA that stands for it.
_WINDOWS = """
Dateline Standard Time=Etc/GMT+12|UTC-11=Etc/GMT+11|Aleutian Standard Time=America/Adak
Hawaiian Standard Time=Pacific/Honolulu|Alaskan Standard Time=America/Anchorage
Pacific Standard Time=America/Los_Angeles
US Mountain Standard Time=America/Phoenix|Mountain Standard Time=America/Denver|Central Standard Time=America/Chicago
Central America Standard Time=America/Guatemala|Canada Central Standard Time=America/Regina
Central Standard Time (Mexico)=America/Mexico_City|Eastern Standard Time=America/New_York
US Eastern Standard Time=America/Indiana/Indianapolis|SA Pacific Standard Time=America/Bogota
Atlantic Standard Time=America/Halifax|Venezuela Standard Time=America/Caracas|SA Western Standard Time=America/La_Paz
Pacific SA Standard Time=America/Santiago|Newfoundland Standard Time=America/St_Johns
E. South America Standard Time=America/Sao_Paulo|Argentina Standard Time=America/Argentina/Buenos_Aires
SA Eastern Standard Time=America/Cayenne|Greenland Standard Time=America/Nuuk|UTC-02=Etc/GMT+2
Azores Standard Time=Atlantic/Azores|Cape Verde Standard Time=Atlantic/Cape_Verde|UTC=Etc/UTC
GMT Standard Time=Europe/London|Greenwich Standard Time=Atlantic/Reykjavik|Morocco Standard Time=Africa/Casablanca
W. Europe Standard Time=Europe/Berlin|Central Europe Standard Time=Europe/Budapest|Romance Standard Time=Europe/Paris
Central European Standard Time=Europe/Warsaw|W. Central Africa Standard Time=Africa/Lagos
Jordan Standard Time=Asia/Amman|GTB Standard Time=Europe/Bucharest|Egypt Standard Time=Africa/Cairo
E. Europe Standard Time=Europe/Chisinau|South Africa Standard Time=Africa/Johannesburg|FLE Standard Time=Europe/Kyiv
Israel Standard Time=Asia/Jerusalem|Turkey Standard Time=Europe/Istanbul|Arab Standard Time=Asia/Riyadh
Arabic Standard Time=Asia/Baghdad|Belarus Standard Time=Europe/Minsk|Russian Standard Time=Europe/Moscow
E. Africa Standard Time=Africa/Nairobi|Iran Standard Time=Asia/Tehran|Arabian Standard Time=Asia/Dubai
Azerbaijan Standard Time=Asia/Baku|Georgian Standard Time=Asia/Tbilisi|Caucasus Standard Time=Asia/Yerevan
Afghanistan Standard Time=Asia/Kabul|West Asia Standard Time=Asia/Tashkent|Ekaterinburg Standard Time=Asia/Yekaterinburg
Pakistan Standard Time=Asia/Karachi|India Standard Time=Asia/Kolkata|Sri Lanka Standard Time=Asia/Colombo
Nepal Standard Time=Asia/Kathmandu|Central Asia Standard Time=Asia/Almaty|Bangladesh Standard Time=Asia/Dhaka
N. Central Asia Standard Time=Asia/Novosibirsk|Myanmar Standard Time=Asia/Yangon|SE Asia Standard Time=Asia/Bangkok
North Asia Standard Time=Asia/Krasnoyarsk|China Standard Time=Asia/Shanghai|Singapore Standard Time=Asia/Singapore
North Asia East Standard Time=Asia/Irkutsk|W. Australia Standard Time=Australia/Perth|Taipei Standard Time=Asia/Taipei
Ulaanbaatar Standard Time=Asia/Ulaanbaatar|Tokyo Standard Time=Asia/Tokyo|Korea Standard Time=Asia/Seoul
Yakutsk Standard Time=Asia/Yakutsk|Cen. Australia Standard Time=Australia/Adelaide
AUS Central Standard Time=Australia/Darwin|E. Australia Standard Time=Australia/Brisbane
AUS Eastern Standard Time=Australia/Sydney|West Pacific Standard Time=Pacific/Port_Moresby
Tasmania Standard Time=Australia/Hobart|Vladivostok Standard Time=Asia/Vladivostok
Central Pacific Standard Time=Pacific/Guadalcanal|New Zealand Standard Time=Pacific/Auckland|UTC+12=Etc/GMT-12
Fiji Standard Time=Pacific/Fiji|Tonga Standard Time=Pacific/Tongatapu|Samoa Standard Time=Pacific/Apia
"""
_LONGEST = 100
_BY_NAME = {
    name.casefold(): zone
    for pair in _WINDOWS.replace("\n", "|").split("|")
    if pair
    for name, _, zone in (pair.partition("="),)
}


def zone_of(name: str) -> zoneinfo.ZoneInfo | None:
    """The zone, or None when there is none of the name."""
    return _zone_of(name) if len(name) <= _LONGEST else None


@lru_cache(maxsize=1024)
def _zone_of(name: str) -> zoneinfo.ZoneInfo | None:
    try:
        return zoneinfo.ZoneInfo(_BY_NAME.get(name.casefold(), name))
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None
