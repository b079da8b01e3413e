"""`min` and `max`: the bounds that an age or a count must keep to."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Self, TypeVar

from pydantic import Field, model_validator

from voxguard.policy import checks
from voxguard.policy.document import SOMETHING, Document, Maybe, refuse
from voxguard.policy.values import Duration, Int

MAX_COUNT = 1_000_000
"""More than any channel takes."""

_SECOND = timedelta(seconds=1)

Count = Annotated[Int, Field(ge=0, le=MAX_COUNT)]
T = TypeVar("T", int, timedelta)


class AgeDocument(Document):
    """From which age on something is meant, and up to which; at least one of them."""

    model_config = SOMETHING

    min: Maybe[Duration] = Field(
        default=None, description="From exactly this age on.", examples=["7d"]
    )
    max: Maybe[Duration] = Field(
        default=None, description="Up to this age, and no longer at exactly it.", examples=["30d"]
    )

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        check_bounds(self.min, self.max)
        return self


class CountDocument(Document):
    """The least and the greatest number that are meant; at least one of them."""

    model_config = SOMETHING

    min: Maybe[Count] = Field(default=None, description="So many or more.", examples=[2])
    max: Maybe[Count] = Field(default=None, description="So many or fewer.", examples=[1])

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        check_bounds(self.min, self.max)
        return self


def check_bounds(least: T | None, most: T | None) -> None:
    """Refuse bounds that say nothing, or between which nothing lies.

    Raises:
        PydanticCustomError: There is none, or `min` is above `max`.

    """
    if least is None and most is None:
        raise refuse(checks.INVALID_VALUE, "There is neither `min` nor `max` here.")
    if least is not None and most is not None and least > most:
        raise refuse(checks.INVALID_VALUE, "`min` is above `max`: nothing can match.")


@dataclass(frozen=True, slots=True)
class Ages:
    """Bounds of an age: it reaches `min` at exactly that age, and leaves `max` at exactly that.

    So `min` belongs to them and `max` does not. None is no bound.
    """

    min: timedelta | None
    max: timedelta | None

    def hold(self, since_at: datetime, at: datetime) -> bool:
        """Whether what began at an instant keeps to the bounds at another."""
        age = at - since_at
        return (self.min is None or age >= self.min) and (self.max is None or age < self.max)

    def changes_at(self, since_at: datetime, at: datetime) -> datetime | None:
        """When it next reaches one of the bounds."""
        age = at - since_at
        for bound in (self.min, self.max):
            if bound is not None and age < bound:
                left = bound - age
                # Of what begins in thousands of years there is no such instant.
                return at + left if left < _LAST_AT - at else None
        return None

    def canonical(self) -> dict[str, int]:
        """The bounds in seconds, without those that are left out."""
        bounds = {"min": self.min, "max": self.max}
        return {key: bound // _SECOND for key, bound in bounds.items() if bound is not None}


def whole_seconds(since_at: datetime, at: datetime) -> int:
    """An age in seconds, rounded down: the bounds, which are whole, compare with it alike."""
    return (at - since_at) // _SECOND


_LAST_AT = datetime.max.replace(tzinfo=UTC)
