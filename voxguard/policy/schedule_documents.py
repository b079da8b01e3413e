"""The documents of schedules, and the schedules that they compile to."""

from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Discriminator, Field, InstanceOf, Tag, model_validator

from voxguard.policy import checks
from voxguard.policy.document import Document, Maybe, refuse, refuse_for
from voxguard.policy.json_schema import vocabulary
from voxguard.policy.schedules import Cron, CronFor, CronToCron, Once, Schedule, Window, zone
from voxguard.policy.values import Duration, Instant, Some, shown


def _parse_cron(value: object) -> Cron:
    if not isinstance(value, str):
        raise refuse(
            checks.BAD_CRON, f"A cron expression is expected here, not {shown(value)}.", "Quote it."
        )
    try:
        return Cron.parse(value)
    except ValueError as error:
        raise refuse_for(checks.BAD_CRON, error) from None


def _parse_zone(value: object) -> ZoneInfo:
    if not isinstance(value, str):
        raise refuse(checks.BAD_ZONE, f"A time zone is expected here, not {shown(value)}.")
    try:
        return zone(value)
    except ValueError as error:
        raise refuse_for(checks.BAD_ZONE, error) from None


CronText = Annotated[InstanceOf[Cron], BeforeValidator(_parse_cron), vocabulary.CRON]
Zone = Annotated[InstanceOf[ZoneInfo], BeforeValidator(_parse_zone), vocabulary.ZONE]
Wall = Annotated[Instant, vocabulary.WALL]


class CronToCronDocument(Document):
    """A window from each time of one cron expression to the next of another."""

    start: CronText = Field(description="When it opens.", examples=["0 22 * * *"])
    end: CronText = Field(description="When it closes.", examples=["0 8 * * *"])

    def window(self) -> Window:
        """What it compiles to."""
        return CronToCron(self.start, self.end)


class CronForDocument(Document):
    """A window of a certain length from each time of a cron expression."""

    start: CronText = Field(description="When it opens.", examples=["0 0 * * SAT"])
    for_: Duration = Field(
        alias="for", description="How long it is open from each opening.", examples=["48h"]
    )

    def window(self) -> Window:
        """What it compiles to."""
        return CronFor(self.start, self.for_)


class OnceDocument(Document):
    """One window, by wall-clock time in the schedule's zone."""

    from_: Wall = Field(alias="from", description="When it opens.", examples=["2026-12-31T20:00"])
    to: Wall = Field(description="When it closes.", examples=["2027-01-01T12:00"])

    @model_validator(mode="after")
    def _is_a_window(self) -> Self:
        try:
            self.window()
        except ValueError as error:
            raise refuse_for(checks.BAD_WINDOW, error) from None
        return self

    def window(self) -> Window:
        """What it compiles to."""
        return Once(self.from_, self.to)


def _form(value: object) -> str | None:
    if not isinstance(value, dict):
        return None
    if "from" in value or "to" in value:
        return "once"
    return "cron-for" if "for" in value else "cron-to-cron"


WindowDocument = Annotated[
    Annotated[CronToCronDocument, Tag("cron-to-cron")]
    | Annotated[CronForDocument, Tag("cron-for")]
    | Annotated[OnceDocument, Tag("once")],
    Discriminator(
        _form,
        custom_error_type=checks.WRONG_TYPE.id,
        custom_error_message="A window is {start, end}, {start, for} or {from, to}.",
    ),
]


class ScheduleDocument(Document):
    """Windows, and exceptions from them."""

    timezone: Maybe[Zone] = Field(
        default=None,
        description="By whose clocks; without it, by those of the guild.",
        examples=["Europe/Moscow"],
    )
    windows: Some[WindowDocument] = Field(
        description="The schedule is open while any of these is.",
        examples=[[{"start": "0 22 * * *", "end": "0 8 * * *"}]],
    )
    except_: tuple[WindowDocument, ...] = Field(
        default=(),
        alias="except",
        description="The schedule is closed while any of these is open.",
        examples=[[{"from": "2026-12-24T00:00", "to": "2026-12-27T00:00"}]],
    )

    def compile(self, default_zone: ZoneInfo) -> Schedule:
        """The schedule, in the zone of its guild where it names none itself."""
        return Schedule(
            self.timezone or default_zone,
            tuple(window.window() for window in self.windows),
            tuple(window.window() for window in self.except_),
        )
