"""From when on what happened in a guild is known, and what of it rules ask for."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from voxguard.engine.lookback import Lookback

STAYS: Final = "stays"
ENTRIES: Final = "entries"
ACTS: Final = "acts:"
"""Before the name of a rule, by whose acts another is measured."""

Spans = Mapping[str, timedelta]
"""How far back rules look, by kind; what none of them asks for is left out."""

Since = Mapping[str, datetime]
"""From when on everything of a kind is known, of the kinds that are kept."""


def spans(lookback: Lookback) -> Spans:
    """How far a guild's rules look back, by kind.

    How many entries are kept is a part of the name: where more are asked for than were kept,
    they are another thing.
    """
    found = {}
    if lookback.stays_for:
        found[STAYS] = lookback.stays_for
    if lookback.entries_for:
        kind = f"{ENTRIES}:{lookback.entries}:{lookback.channel_entries}"
        found[kind] = lookback.entries_for
    for key, length in lookback.acts_for.items():
        _, _, rule = key.partition(":")
        found[ACTS + rule] = length
    return found


def known_under(since: Since, before: Spans, after: Spans, at: datetime) -> Since:
    """What is known when rules that look back otherwise take the place of others.

    Nothing is kept beyond what the rules until now have asked for.
    """
    return {
        kind: max(since[kind], at - before[kind]) if kind in since and kind in before else at
        for kind in after
    }


def missing(since: Since, wanted: Spans, at: datetime) -> Since:
    """What rules ask for at an instant and nobody knows: from when on, by kind."""
    return {
        kind: at - length for kind, length in wanted.items() if at - length < since.get(kind, at)
    }


def with_read(since: Since, read: Since) -> Since:
    """What is known when so much has been read, of what is still asked for."""
    return {kind: min(at, read.get(kind, at)) for kind, at in since.items()}


def earliest(since: Since, *kinds: str) -> datetime | None:
    """From when on anything of such kinds is meant; None where nothing is."""
    return min((at for kind, at in since.items() if kind.startswith(kinds)), default=None)


def rules_in(kinds: Iterable[str]) -> list[str]:
    """The rules whose acts are meant."""
    return sorted(kind.removeprefix(ACTS) for kind in kinds if kind.startswith(ACTS))
