"""What there is to see of the demonstration: plain values, for a screen or for lines of text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class MemberView:
    """Somebody in voice; `marks` are what Discord and the member have switched."""

    name: str
    marks: tuple[str, ...]
    since_at: datetime


@dataclass(frozen=True, slots=True)
class ChannelView:
    """A voice channel and who is in it."""

    name: str
    members: tuple[MemberView, ...]


@dataclass(frozen=True, slots=True)
class TimerView:
    """What time alone will bring about: for whom, by which rule, when."""

    due_at: datetime
    members: tuple[str, ...]
    rule: str
    effect: str


class Cause(StrEnum):
    """What a decision follows from; its latency counts from that.

    START: from nothing that happened, but from what there was; then it counts from itself.
    """

    START = "decision"
    EVENT = "event"
    TIMER = "timer"
    EDIT = "edit"


@dataclass(slots=True)
class DecisionView:
    """A decision and, as soon as they are known, its outcome and how quick it was.

    `latency_seconds` is from its cause to the arrival of the request at Discord.
    """

    at: datetime
    rule: str
    effect: str
    member: str
    cause: Cause
    outcome: str | None = None
    latency_seconds: float | None = None

    @property
    def latency(self) -> str:
        """How quick it was, in words; empty as long as that is not known."""
        seconds = self.latency_seconds
        if seconds is None:
            return ""
        quick = f"{seconds * 1000:.1f} ms" if seconds < 0.1 else f"{seconds:.2f} s"
        return f"{quick} after {self.cause.value}"


@dataclass(slots=True)
class EditView:
    """A change to a policy file, and what came of it once that is known."""

    file: str
    change: str
    saved_at: datetime
    verdict: str = "saved"
    refused: bool = False


@dataclass(frozen=True, slots=True)
class News:
    """One line of the story for those who read rather than watch."""

    at: datetime
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class View:
    """Everything at one instant; decisions and edits are oldest first."""

    at: datetime
    began_at: datetime
    caption: str
    guild: str = ""
    state: str = "starting"
    revision: str = ""
    channels: tuple[ChannelView, ...] = ()
    timers: tuple[TimerView, ...] = ()
    decisions: tuple[DecisionView, ...] = ()
    edits: tuple[EditView, ...] = ()
    news: tuple[News, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """What the demonstration came to; `rows` are those in PostgreSQL by table."""

    seconds: float
    decisions: int
    by_effect: Mapping[str, int] = field(default_factory=dict)
    p50_seconds: float | None = None
    edits: int = 0
    refused: int = 0
    database: str = ""
    rows: Mapping[str, int] = field(default_factory=dict)


class Audience(Protocol):
    """Whoever watches."""

    def show(self, view: View) -> None:
        """See how things stand; called several times a second."""
        ...
