"""How much rules may do at once."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Budget:
    """So many actions within any span of that length; what is over it waits."""

    max: int
    within: timedelta


@dataclass(frozen=True, slots=True)
class Fuse:
    """So many different members within any span of that length; the next one trips it."""

    members: int
    within: timedelta


DEFAULT_BUDGET = Budget(max=60, within=timedelta(minutes=1))
"""What a guild's rules may do together where its policy says nothing."""

DEFAULT_FUSE = Fuse(members=25, within=timedelta(seconds=30))
"""What one rule may do where neither it nor its guild's policy says anything."""
