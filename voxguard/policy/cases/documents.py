"""The documents of a test file: cases, their members, and their steps.

```yaml
version: 1
tests:
  an hour in the lobby is enough:
    start: 2026-03-02T12:00:00+03:00
    members:
      alice: {in: lobby}
    steps:
      - {at: 1h, expect: {alice: {move: afk, rule: lobby-time-limit}}}
```
"""

from datetime import timedelta
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from voxguard.policy import checks
from voxguard.policy.cases.expectations import Expected
from voxguard.policy.conditions.state import StateDocument
from voxguard.policy.definitions import Version
from voxguard.policy.document import Document, Maybe, refuse
from voxguard.policy.values import (
    Bool,
    Id,
    Instant,
    Many,
    OnlyTrue,
    Reference,
    Some,
    Text,
    parse_duration,
)


def _parse_offset(value: object) -> timedelta:
    return timedelta() if value == "0s" else parse_duration(value)


Offset = Annotated[timedelta, BeforeValidator(_parse_offset)]
"""A length of time that may be zero, since a test begins at its start."""


class MemberDocument(Document):
    """Somebody who takes part in a test."""

    id: Maybe[Id] = None
    roles: Many[Reference] = ()
    lists: Many[Reference] = ()
    bot: Bool = False
    admin: Bool = False
    joined_at: Maybe[Instant] = None
    account_created_at: Maybe[Instant] = None
    in_: Maybe[Reference] = Field(default=None, alias="in")

    @model_validator(mode="after")
    def _has_one_age(self) -> Self:
        if self.id is not None and self.account_created_at is not None:
            raise refuse(
                checks.CONFLICT,
                "`id` and `account_created_at` cannot stand together.",
                "An id says when the account was made; keep one.",
            )
        return self


class HumanDocument(Document):
    """What a moderator does to the member by hand."""

    mute: Maybe[Bool] = None
    deafen: Maybe[Bool] = None

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        if not self.model_fields_set:
            raise refuse(checks.INVALID_VALUE, "The moderator does nothing here.")
        return self


ACTIONS = ("enters", "leaves", "state", "roles", "human")
"""What can happen to a member, one of these a step."""


class StepDocument(Document):
    """Something that happens at an instant, or what is expected then."""

    at: Offset
    member: Maybe[Reference] = None
    enters: Maybe[Reference] = None
    leaves: Maybe[OnlyTrue] = None
    state: Maybe[StateDocument] = None
    roles: Maybe[Many[Reference]] = None
    human: Maybe[HumanDocument] = None
    expect: Maybe[dict[Text, Expected]] = None

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        keys = self.model_fields_set
        actions = [key for key in ACTIONS if key in keys]
        if "expect" in keys:
            if actions or "member" in keys:
                raise refuse(
                    checks.CONFLICT,
                    "`expect` stands in a step of its own.",
                    "Write a second step with the same `at`.",
                )
            if not self.expect:
                raise refuse(checks.INVALID_VALUE, "Nobody is named under `expect`.")
        elif not actions:
            raise refuse(
                checks.MISSING_KEY, f"The step says neither `expect` nor one of {_listed(ACTIONS)}."
            )
        elif len(actions) > 1:
            raise refuse(
                checks.CONFLICT,
                f"{_listed(actions)} cannot stand in one step.",
                "Write a step for each, with the same `at`.",
            )
        elif "member" not in keys:
            raise refuse(checks.MISSING_KEY, f"The step does not say which `member` {actions[0]}.")
        return self


def _listed(keys: "tuple[str, ...] | list[str]") -> str:
    return ", ".join(f"`{key}`" for key in keys)


class CaseDocument(Document):
    """One test: who takes part, what happens, and what is to be decided."""

    guild: Maybe[Reference] = None
    stages: Many[Reference] = ()
    start: Instant
    members: dict[Text, MemberDocument]
    steps: Some[StepDocument]

    @model_validator(mode="after")
    def _expects_something(self) -> Self:
        if all(step.expect is None for step in self.steps):
            raise refuse(
                checks.INVALID_VALUE,
                "No step of this test expects anything.",
                "Say what is decided, like {at: 1h, expect: {alice: {move: afk}}}, or `nothing`.",
            )
        return self


class CaseFileDocument(Document):
    """A file of policy tests."""

    version: Version
    tests: dict[Text, CaseDocument]

    @model_validator(mode="after")
    def _has_tests(self) -> Self:
        if not self.tests:
            raise refuse(checks.INVALID_VALUE, "There is no test in this file.")
        return self
