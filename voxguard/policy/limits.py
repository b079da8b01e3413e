"""`limits`: how much a guild's rules, and one rule, may do at once.

In guild.yaml and on a rule. Actions over the limit wait; a blown fuse turns its rule into
one that observes.
"""

from typing import Annotated, Final, Self

from pydantic import Field, ValidatorFunctionWrapHandler, WrapValidator, model_validator

from voxguard.model.limits import Budget, Fuse
from voxguard.policy import checks
from voxguard.policy.document import SOMETHING, Document, Maybe, NotYet, refuse
from voxguard.policy.json_schema import vocabulary
from voxguard.policy.json_schema.shapes import OrShort
from voxguard.policy.values import Duration, Int

MOST = 1_000_000

Positive = Annotated[Int, Field(ge=1, le=MOST)]


class BudgetDocument(Document):
    """So many actions in so long a time; what is over it waits."""

    max: Positive = Field(description="The greatest number of actions.", examples=[60])
    within: Duration = Field(description="The time that they are counted in.", examples=["1m"])

    def compile(self) -> Budget:
        """The budget."""
        return Budget(self.max, self.within)


class FuseDocument(Document):
    """So many different members in so long a time; one more, and the rule only observes."""

    members: Positive = Field(
        description="The greatest number of different members.", examples=[25]
    )
    within: Duration = Field(description="The time that they are counted in.", examples=["30s"])

    def compile(self) -> Fuse | None:
        """The fuse; None is no fuse."""
        return Fuse(self.members, self.within)


class _NoFuseDocument(FuseDocument):
    """The word `off`."""

    def compile(self) -> None:
        """No fuse at all."""


_NO_FUSE: Final = _NoFuseDocument.model_validate({"members": 1, "within": "1s"})


def _or_off(value: object, handler: ValidatorFunctionWrapHandler) -> FuseDocument:
    fuse: FuseDocument = _NO_FUSE if value == "off" else handler(value)
    return fuse


FuseOrOff = Annotated[FuseDocument, WrapValidator(_or_off), OrShort(vocabulary.OFF)]


class RuleLimitsDocument(Document):
    """A rule's own limits."""

    model_config = SOMETHING

    actions: Maybe[BudgetDocument] = Field(
        default=None,
        description="How many actions within a time; what is over it waits.",
        examples=[{"max": 20, "within": "1m"}],
    )
    fuse: Maybe[FuseOrOff] = Field(
        default=None,
        description="On how many members a rule may act within a time; one more, and it only "
        "observes until its text changes. off: no fuse.",
        examples=[{"members": 25, "within": "30s"}, "off"],
    )

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise refuse(checks.INVALID_VALUE, "No limit is named here.")
        return self


class GuildLimitsDocument(RuleLimitsDocument):
    """The limits of all rules of a guild together, and of each that has none of its own."""

    changes: NotYet = None
