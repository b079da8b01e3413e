"""A rule: the document that authors write, and what it compiles to."""

from hashlib import sha256
from json import JSONEncoder
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from voxguard.policy import checks
from voxguard.policy.conditions.base import Condition
from voxguard.policy.conditions.blocks import Block, When, Where, Who, compile_block
from voxguard.policy.document import Document, Maybe, NotYet, refuse
from voxguard.policy.effects.base import SEVERITY
from voxguard.policy.effects.then import Then, compile_then
from voxguard.policy.places import Place
from voxguard.policy.resolved import Rule, RuleMode
from voxguard.policy.scope import Scope
from voxguard.policy.values import Bool, Duration, Int, Text


class LastingDocument(Document):
    """`for` in full: how long, and whether changing channel is no break."""

    time: Duration
    across_channels: Bool = False


def _from_duration(value: object) -> object:
    return value if isinstance(value, dict) else {"time": value}


def _from_names(value: object) -> object:
    return value if isinstance(value, dict) else {"channels": value}


Lasting = Annotated[LastingDocument, BeforeValidator(_from_duration)]
WhereOrNames = Annotated[Where, BeforeValidator(_from_names)]


class UnlessDocument(Block):
    """When a rule does not hold although its conditions match; all blocks must match."""

    who: Maybe[Who] = None
    where: Maybe[WhereOrNames] = None
    when: Maybe[When] = None


class RuleDocument(Document):
    """One rule as authors write it."""

    description: Text = ""
    owner: Text = ""
    mode: RuleMode = RuleMode.ENFORCE
    priority: Int = Field(default=100, ge=0, le=1000)
    who: Maybe[Who] = None
    where: Maybe[WhereOrNames] = None
    when: Maybe[When] = None
    for_: Maybe[Lasting] = Field(default=None, alias="for")
    unless: Maybe[UnlessDocument] = None
    then: Maybe[Then] = None
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
