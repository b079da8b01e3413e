"""A rule: the document that authors write, and what it compiles to."""

from hashlib import sha256
from json import JSONEncoder
from typing import Annotated, Self

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from voxguard.policy import checks
from voxguard.policy.conditions.base import Condition
from voxguard.policy.conditions.blocks import Block, When, Where, Who, compile_block
from voxguard.policy.document import Document, Maybe, NotYet, refuse
from voxguard.policy.effects.base import SEVERITY
from voxguard.policy.effects.then import Then, compile_then
from voxguard.policy.json_schema import vocabulary
from voxguard.policy.json_schema.shapes import OrShort
from voxguard.policy.places import Place
from voxguard.policy.resolved import Rule, RuleMode
from voxguard.policy.scope import Scope
from voxguard.policy.values import Bool, Duration, Int, Text


class LastingDocument(Document):
    """`for` in full: how long, and whether changing channel is no break."""

    time: Duration = Field(
        description="How long the conditions must have matched.", examples=["12h"]
    )
    across_channels: Bool = Field(
        default=False, description="Whether changing channel is no break.", examples=[True]
    )


def _from_duration(value: object) -> object:
    return value if isinstance(value, dict) else {"time": value}


def _from_names(value: object) -> object:
    return value if isinstance(value, dict) else {"channels": value}


Lasting = Annotated[LastingDocument, BeforeValidator(_from_duration), OrShort(vocabulary.DURATION)]
WhereOrNames = Annotated[Where, BeforeValidator(_from_names), OrShort(vocabulary.REFERENCES)]


class UnlessDocument(Block):
    """When a rule does not hold although its conditions match; all blocks must match."""

    who: Maybe[Who] = Field(
        default=None, description="Conditions on the member.", examples=[{"roles": "dj"}]
    )
    where: Maybe[WhereOrNames] = Field(
        default=None, description="Conditions on the channel.", examples=["music"]
    )
    when: Maybe[When] = Field(
        default=None,
        description="Conditions on time and voice state.",
        examples=[{"schedule": "quiet-hours"}],
    )


class RuleDocument(Document):
    """One rule as authors write it."""

    model_config = ConfigDict(json_schema_extra={"required": ["then"]})

    description: Text = Field(
        default="",
        description="Why; Discord's audit log shows it with every act.",
        examples=["An hour in the lobby is enough."],
    )
    owner: Text = Field(
        default="", description="Whom to ask about the rule.", examples=["moderators"]
    )
    mode: RuleMode = Field(
        default=RuleMode.ENFORCE,
        description="enforce; observe: decide and log, touch nobody; off: as if not there.",
        examples=["observe"],
    )
    priority: Int = Field(
        default=100, ge=0, le=1000, description="Lower is decided first.", examples=[10]
    )
    who: Maybe[Who] = Field(
        default=None,
        description="Conditions on the member.",
        examples=[{"roles": {"none": ["staff"]}}],
    )
    where: Maybe[WhereOrNames] = Field(
        default=None, description="Conditions on the channel.", examples=[["lobby"]]
    )
    when: Maybe[When] = Field(
        default=None,
        description="Conditions on time and voice state.",
        examples=[{"schedule": "quiet-hours"}],
    )
    for_: Maybe[Lasting] = Field(
        default=None,
        alias="for",
        description="How long the conditions must have matched without a break.",
        examples=["15m", {"time": "12h", "across_channels": True}],
    )
    unless: Maybe[UnlessDocument] = Field(
        default=None,
        description="When the rule does not hold all the same.",
        examples=[{"who": {"lists": "night-shift"}}],
    )
    then: Maybe[Then] = Field(
        default=None, description="The effects.", examples=[{"mute": True}, {"move": "afk"}]
    )
    limits: NotYet = None
    cooldown: NotYet = None
    escalate: NotYet = None
    existing: NotYet = None

    @model_validator(mode="after")
    def _wants_something(self) -> Self:
        if self.then is None:
            raise refuse(checks.MISSING_KEY, "The rule has no `then`: it says nothing to do.")
        return self


# Made once: with options, json.dumps makes an encoder for each call.
_encode = JSONEncoder(sort_keys=True).encode


def compile_rule(name: str, document: RuleDocument, scope: Scope, place: Place) -> Rule:
    """The rule with its names resolved; what does not resolve has been reported."""
    conditions = _conditions(document, scope, place)
    unless = (
        None
        if document.unless is None
        else _conditions(document.unless, scope, place.child("unless"))
    )
    assert document.then is not None  # noqa: S101 - the document does not validate without
    wants, allows = compile_then(document.then, scope, place.child("then"))
    lasting = document.for_
    severities = [want.severity for want in wants] + [SEVERITY.index("allow")] * allows
    meaning = {
        "name": name,
        "description": document.description,
        "mode": document.mode,
        "priority": document.priority,
        "conditions": _canonical(conditions),
        "unless": None if unless is None else _canonical(unless),
        "for": None if lasting is None else lasting.time.total_seconds(),
        "across_channels": lasting is not None and lasting.across_channels,
        "then": {want.key: want.canonical() for want in wants},
        "allow": allows,
    }
    return Rule(
        name=name,
        mark=place.key_mark,
        meaning=sha256(_encode(meaning).encode()).hexdigest(),
        description=document.description,
        owner=document.owner,
        mode=document.mode,
        priority=document.priority,
        severity=min(severities, default=len(SEVERITY)),
        conditions=conditions,
        unless=unless,
        lasting=None if lasting is None else lasting.time,
        across_channels=lasting is not None and lasting.across_channels,
        wants=wants,
        allows=allows,
    )


def _conditions(
    document: RuleDocument | UnlessDocument, scope: Scope, place: Place
) -> tuple[Condition, ...]:
    return (
        *compile_block("who", document.who, scope, place),
        *compile_block("where", document.where, scope, place),
        *compile_block("when", document.when, scope, place),
    )


def _canonical(conditions: tuple[Condition, ...]) -> dict[str, object]:
    return {condition.path: condition.canonical() for condition in conditions}
