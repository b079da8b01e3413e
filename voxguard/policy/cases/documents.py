"""The documents of a test file: cases and their members.

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

from typing import Self

from pydantic import ConfigDict, Field, model_validator

from voxguard.policy import checks
from voxguard.policy.cases.steps import StepDocument
from voxguard.policy.definitions import Version
from voxguard.policy.document import Document, Maybe, refuse
from voxguard.policy.values import Bool, Called, Id, Instant, Many, Reference, Some, Text


class MemberDocument(Document):
    """Somebody who takes part in a test."""

    model_config = ConfigDict(json_schema_extra={"not": {"required": ["id", "account_created_at"]}})

    id: Maybe[Id] = Field(
        default=None,
        description="Their Discord id; one is made up when it is left out.",
        examples=["80351110224678912"],
    )
    roles: Many[Reference] = Field(
        default=(), description="The roles that they have.", examples=[["staff"]]
    )
    lists: Many[Reference] = Field(
        default=(),
        description="Lists that they are in, in addition to what the files say.",
        examples=[["blocked"]],
    )
    bot: Bool = Field(default=False, description="Whether it is a bot.", examples=[True])
    admin: Bool = Field(
        default=False, description="Whether they are an administrator.", examples=[True]
    )
    joined_at: Maybe[Instant] = Field(
        default=None,
        description="When they joined the guild; not known when left out.",
        examples=["2026-03-01T12:00:00+03:00"],
    )
    account_created_at: Maybe[Instant] = Field(
        default=None,
        description="When their account was made; long ago when left out. Not beside `id`.",
        examples=["2026-02-28"],
    )
    in_: Maybe[Reference] = Field(
        default=None,
        alias="in",
        description="The channel in which they have been since the start.",
        examples=["lobby"],
    )

    @model_validator(mode="after")
    def _has_one_age(self) -> Self:
        if self.id is not None and self.account_created_at is not None:
            raise refuse(
                checks.CONFLICT,
                "`id` and `account_created_at` cannot stand together.",
                "An id says when the account was made; keep one.",
            )
        return self


class CaseDocument(Document):
    """One test: who takes part, what happens, and what is to be decided."""

    guild: Maybe[Called] = Field(
        default=None,
        description="The guild, by its directory or id; needed when the set has several.",
        examples=["example-guild", "110373943822540800"],
    )
    stages: Many[Reference] = Field(
        default=(),
        description="The channels that are stage channels; all others are voice channels.",
        examples=[["stage"]],
    )
    start: Instant = Field(
        description="The instant at which the test begins.",
        examples=["2026-03-02T12:00:00+03:00"],
    )
    members: dict[Text, MemberDocument] = Field(
        description="Who takes part, by names that are the test's own.",
        examples=[{"alice": {"in": "lobby"}, "bob": {"roles": ["staff"]}}],
    )
    steps: Some[StepDocument] = Field(
        description="What happens and what is expected, in the order of time.",
        examples=[
            [
                {"at": "0s", "member": "alice", "enters": "lobby"},
                {"at": "1h", "expect": {"alice": {"move": "afk"}}},
            ]
        ],
        json_schema_extra={"contains": {"required": ["expect"]}},
    )

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

    version: Version = Field(
        description="The version of the language; every file begins with it.", examples=[1]
    )
    tests: dict[Text, CaseDocument] = Field(
        description="Tests, by what they show.",
        examples=[
            {
                "an hour in the lobby is enough": {
                    "start": "2026-03-02T12:00:00+03:00",
                    "members": {"alice": {"in": "lobby"}},
                    "steps": [{"at": "1h", "expect": {"alice": {"move": "afk"}}}],
                }
            }
        ],
        json_schema_extra={"minProperties": 1},
    )

    @model_validator(mode="after")
    def _has_tests(self) -> Self:
        if not self.tests:
            raise refuse(checks.INVALID_VALUE, "There is no test in this file.")
        return self
