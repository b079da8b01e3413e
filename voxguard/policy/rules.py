"""A rule: the document that authors write, and what it compiles to."""

from datetime import timedelta
from hashlib import sha256
from json import JSONEncoder
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from voxguard.policy import checks
from voxguard.policy.conditions.base import Condition
from voxguard.policy.conditions.blocks import Block, When, Where, Who, compile_block
from voxguard.policy.document import Document, Maybe, refuse
from voxguard.policy.effects.base import SEVERITY
from voxguard.policy.effects.escalate import EscalateDocument, compile_steps
from voxguard.policy.effects.step import Step
from voxguard.policy.effects.then import Then, allows, compile_effects
from voxguard.policy.json_schema import vocabulary
from voxguard.policy.json_schema.documented import Documented
from voxguard.policy.json_schema.shapes import OrShort
from voxguard.policy.limits import RuleLimitsDocument
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
        description="Conditions on time, the voice state, and what was before.",
        examples=[{"schedule": "quiet-hours"}],
    )


class RuleDocument(Document):
    """One rule as authors write it."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["then"]}, {"required": ["escalate"]}]}
    )

    description: Text = Field(
        default="",
        description="Why; Discord's audit log shows it with every act, and it is the {reason} of "
        "announcements.",
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
        description="Conditions on time, the voice state, and what was before.",
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
    escalate: Maybe[EscalateDocument] = Field(
        default=None,
        json_schema_extra=Documented(EscalateDocument.__module__, "escalate"),
    )
    cooldown: Maybe[Duration] = Field(
        default=None,
        description="How long the rule leaves a member alone after it has acted on them; when it "
        "still holds then, it acts again.",
        examples=["10m"],
    )
    existing: Maybe[Literal["spare"]] = Field(
        default=None,
        description="spare: whoever is in a channel when the rule becomes active, new or changed, "
        "is left alone until they enter the next one.",
        examples=["spare"],
    )
    limits: Maybe[RuleLimitsDocument] = Field(
        default=None,
        description="How much the rule may do at once.",
        examples=[{"actions": {"max": 20, "within": "1m"}, "fuse": "off"}],
    )

    @model_validator(mode="after")
    def _wants_something(self) -> Self:
        if self.then is None and self.escalate is None:
            raise refuse(
                checks.MISSING_KEY,
                "The rule has neither `then` nor `escalate`: it says nothing to do.",
            )
        if self.then is not None and self.escalate is not None:
            raise refuse(
                checks.CONFLICT, "`then` and `escalate` cannot stand together.", "Keep one."
            )
        return self


# Made once: with options, json.dumps makes an encoder for each call.
_encode = JSONEncoder(sort_keys=True).encode


def compile_rule(name: str, document: RuleDocument, scope: Scope, place: Place) -> Rule:
    """The rule with its names resolved; what does not resolve has been reported."""
    where = compile_block("where", document.where, scope, place)
    conditions = _conditions(document, where, scope, place)
    unless = None
    if document.unless is not None:
        at = place.child("unless")
        elsewhere = compile_block("where", document.unless.where, scope, at)
        unless = _conditions(document.unless, elsewhere, scope, at, of_rule=where)
    steps = _steps(document, scope, place)
    allowing = document.then is not None and allows(document.then)
    lasting, limits = document.for_, document.limits
    budget = None if limits is None or limits.actions is None else limits.actions.compile()
    own_fuse = None if limits is None else limits.fuse
    fuse = None if own_fuse is None else own_fuse.compile()
    severities = [want.severity for step in steps for want in step.wants]
    forget_after = None if document.escalate is None else document.escalate.forget_after
    meaning = {
        "name": name,
        "description": document.description,
        "mode": document.mode,
        "priority": document.priority,
        "conditions": _canonical(conditions),
        "unless": None if unless is None else _canonical(unless),
        "for": None if lasting is None else _seconds(lasting.time),
        "across_channels": lasting is not None and lasting.across_channels,
        "steps": [step.canonical() for step in steps],
        "forget_after": _seconds(forget_after),
        "allow": allowing,
        "cooldown": _seconds(document.cooldown),
        "existing": document.existing,
        "budget": None if budget is None else [budget.max, _seconds(budget.within)],
        "fuse": None
        if own_fuse is None
        else [0 if fuse is None else fuse.members, 0 if fuse is None else _seconds(fuse.within)],
    }
    return Rule(
        name=name,
        mark=place.key_mark,
        meaning=sha256(_encode(meaning).encode()).hexdigest(),
        description=document.description,
        owner=document.owner,
        mode=document.mode,
        priority=document.priority,
        severity=min([*severities, *[SEVERITY.index("allow")] * allowing], default=len(SEVERITY)),
        conditions=conditions,
        unless=unless,
        lasting=None if lasting is None else lasting.time,
        across_channels=lasting is not None and lasting.across_channels,
        steps=steps,
        forget_after=forget_after,
        allows=allowing,
        cooldown=document.cooldown,
        spares=document.existing is not None,
        budget=budget,
        fuse=fuse,
        has_own_fuse=own_fuse is not None,
    )


def _steps(document: RuleDocument, scope: Scope, place: Place) -> tuple[Step, ...]:
    if document.escalate is not None:
        return compile_steps(document.escalate, scope, place.child("escalate"))
    assert document.then is not None  # noqa: S101 - the document does not validate without
    return (compile_effects(document.then, scope, place.child("then")),)


def _seconds(length: timedelta | None) -> float | None:
    return None if length is None else length.total_seconds()


def _conditions(
    document: RuleDocument | UnlessDocument,
    where: tuple[Condition, ...],
    scope: Scope,
    place: Place,
    *,
    of_rule: tuple[Condition, ...] | None = None,
) -> tuple[Condition, ...]:
    when = compile_block("when", document.when, scope, place)
    return (
        *compile_block("who", document.who, scope, place),
        *where,
        *(each.of_rule(where if of_rule is None else of_rule) for each in when),
    )


def _canonical(conditions: tuple[Condition, ...]) -> dict[str, object]:
    return {condition.path: condition.canonical() for condition in conditions}
