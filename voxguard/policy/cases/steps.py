"""The steps of a test: what happens to whom and when, and what is expected then."""

from datetime import timedelta
from typing import Annotated, Self

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from voxguard.policy import checks
from voxguard.policy.cases.expectations import Expected
from voxguard.policy.conditions.state import StateDocument
from voxguard.policy.document import SOMETHING, Document, Maybe, refuse
from voxguard.policy.json_schema import vocabulary
from voxguard.policy.values import Bool, Called, Many, OnlyTrue, Reference, Text, parse_duration


def _parse_offset(value: object) -> timedelta:
    return timedelta() if value == "0s" else parse_duration(value)


Offset = Annotated[timedelta, BeforeValidator(_parse_offset), vocabulary.OFFSET]
"""A length of time that may be zero, since a test begins at its start."""


class HumanDocument(Document):
    """What a moderator does to the member by hand."""

    model_config = SOMETHING

    mute: Maybe[Bool] = Field(
        default=None, description="Mutes them, or lifts a mute.", examples=[True]
    )
    deafen: Maybe[Bool] = Field(
        default=None, description="Deafens them, or lifts that.", examples=[True]
    )

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        if not self.model_fields_set:
            raise refuse(checks.INVALID_VALUE, "The moderator does nothing here.")
        return self


ACTIONS = ("enters", "leaves", "state", "roles", "human")
"""What can happen to a member, one of these a step."""


class StepDocument(Document):
    """Something that happens at an instant, or what is expected then."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [{"required": [key]} for key in (*ACTIONS, "expect")],
            "dependentRequired": {key: ["member"] for key in ACTIONS},
            "not": {"required": ["member", "expect"]},
        }
    )

    at: Offset = Field(description="When, since the start.", examples=["0s", "1h30m"])
    member: Maybe[Called] = Field(
        default=None, description="To whom it happens.", examples=["alice"]
    )
    enters: Maybe[Reference] = Field(
        default=None,
        description="They join this channel, or go over to it by their own hand.",
        examples=["lobby"],
    )
    leaves: Maybe[OnlyTrue] = Field(default=None, description="They leave voice.", examples=[True])
    state: Maybe[StateDocument] = Field(
        default=None,
        description="These flags of their voice state change.",
        examples=[{"self_mute": True}],
    )
    roles: Maybe[Many[Reference]] = Field(
        default=None,
        description="These are all of their roles from now on.",
        examples=[["dj"], []],
    )
    human: Maybe[HumanDocument] = Field(
        default=None, description="What a moderator does by hand.", examples=[{"mute": True}]
    )
    expect: Maybe[dict[Text, Expected]] = Field(
        default=None,
        description="What is decided at this instant, by member.",
        examples=[{"alice": {"move": "afk", "rule": "lobby-time-limit"}, "bob": "nothing"}],
        json_schema_extra={"minProperties": 1},
    )

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
