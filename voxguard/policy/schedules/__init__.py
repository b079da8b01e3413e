"""When a schedule is open: cron and calendar windows in a time zone.

Openness is a function of time alone. Nothing is stored, so that a program which is
started in the middle of a window finds it open. See `docs/` for what authors write.
"""

from voxguard.policy.schedules.cron import Cron
from voxguard.policy.schedules.intervals import Interval, open_intervals
from voxguard.policy.schedules.schedule import FIRST_AT, LAST_AT, Openness, Schedule
from voxguard.policy.schedules.windows import CronFor, CronToCron, Once, Window
from voxguard.policy.schedules.zones import reached_wall, resolve_wall, zone

__all__ = [
    "FIRST_AT",
    "LAST_AT",
    "Cron",
    "CronFor",
    "CronToCron",
    "Interval",
    "Once",
    "Openness",
    "Schedule",
    "Window",
    "open_intervals",
    "reached_wall",
    "resolve_wall",
    "zone",
]
