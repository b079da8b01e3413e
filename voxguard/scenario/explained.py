"""An explanation as JSON values."""

from datetime import datetime, timedelta
from itertools import chain

from voxguard.engine.explanation import (
    Explanation,
    LeafExplanation,
    RuleExplanation,
    Verdict,
    WantExplanation,
)
from voxguard.engine.newcomer import Newcomer
from voxguard.model.instants import instant_text
from voxguard.policy.conditions.base import Condition
from voxguard.policy.conditions.channel_entries import HasChannelEntries
from voxguard.policy.conditions.entries import HasEntries
from voxguard.policy.conditions.membership_age import HasMembershipAge
from voxguard.policy.conditions.occupancy import HasOccupancy
from voxguard.policy.conditions.time_used import HasTimeUsed
from voxguard.policy.resolved import GuildPolicy, RuleMode

VERDICTS = {Verdict.YES: True, Verdict.NO: False, Verdict.UNKNOWN: None}

ASSUMED = (
    "joins at this instant, by their own hand",
    "is neither the guild's owner nor an administrator",
    "the channel is not the guild's AFK channel",
    "is not muted or deafened by anybody, not in a stage's audience, no camera, no stream",
    "is in no rule's cooldown",
)
"""What an explanation offline takes for granted, since no file says it."""


def explanation_json(
    explanation: Explanation, guild: GuildPolicy, newcomer: Newcomer
) -> dict[str, object]:
    """The whole tree. What is unknown is null, or the text `unknown` as a fact."""
    return {
        "guild": str(guild.id),
        "member": str(newcomer.user_id),
        "channel": str(newcomer.channel_id),
        "roles": [str(role_id) for role_id in sorted(newcomer.roles)],
        "at": instant_text(explanation.at),
        "unknown": unknown_facts(guild, newcomer),
        "assumed": list(ASSUMED),
        "exempt": {
            "verdict": VERDICTS[explanation.exempt],
            "by": list(explanation.exempt_by),
            "who": [_leaf(leaf) for leaf in explanation.exempt_who],
        },
        "rules": [_rule(rule) for rule in explanation.rules],
        "off": names_off(guild),
        "decisions": [
            {
                "rule": each.rule,
                "effect": str(each.effect),
                "params": dict(each.params),
                "mode": str(each.mode),
                "certain": each.certain,
            }
            for each in explanation.decisions
        ],
        "changes_at": _instant(explanation.changes_at),
    }


def unknown_facts(guild: GuildPolicy, newcomer: Newcomer) -> list[str]:
    """What an explanation leaves open; after the first two only what the guild asks for."""
    facts = {
        "category": not newcomer.category_known,
        "kind": newcomer.kind is None,
        "occupancy": newcomer.occupancy is None and _asks_for(guild, HasOccupancy),
        "entries": newcomer.entries is None and _asks_for(guild, HasEntries),
        "channel_entries": newcomer.channel_entries is None and _asks_for(guild, HasChannelEntries),
        "time_used": newcomer.used is None and _asks_for(guild, HasTimeUsed),
        "joined_at": newcomer.joined_at is None and _asks_for(guild, HasMembershipAge),
    }
    return [name for name, unknown in facts.items() if unknown]


def _asks_for(guild: GuildPolicy, kind: type[Condition]) -> bool:
    every = chain(guild.exempt.who or (), *(rule.all_conditions for rule in guild.rules))
    return any(isinstance(condition, kind) for condition in every)


def names_off(guild: GuildPolicy) -> list[str]:
    """The rules that are switched off."""
    return [rule.name for rule in guild.rules if rule.mode is RuleMode.OFF]


def _rule(rule: RuleExplanation) -> dict[str, object]:
    lasting = rule.lasting
    return {
        "rule": rule.name,
        "priority": rule.priority,
        "mode": str(rule.mode),
        "holds": VERDICTS[rule.holds],
        "obstacles": [str(obstacle) for obstacle in rule.obstacles],
        "changes_at": _instant(rule.changes_at),
        "matches": VERDICTS[rule.matches],
        "conditions": [_leaf(leaf) for leaf in rule.conditions],
        "for": None
        if lasting is None
        else {
            "seconds": int(lasting.total_seconds()),
            "across_channels": rule.across_channels,
            "due_at": _instant(rule.due_at),
        },
        "excused": None if rule.excused is None else VERDICTS[rule.excused],
        "unless": None if rule.unless is None else [_leaf(leaf) for leaf in rule.unless],
        "allow": rule.allows,
        "escalation": None if rule.steps == 1 else {"step": rule.step, "steps": rule.steps},
        "hold_seconds": _seconds(rule.hold),
        "cooldown_seconds": _seconds(rule.cooldown),
        "effects": [_want(want) for want in rule.wants],
    }


def _leaf(leaf: LeafExplanation) -> dict[str, object]:
    return {
        "path": leaf.path,
        "wanted": leaf.wanted,
        "value": leaf.value,
        "matches": VERDICTS[leaf.verdict],
        "off_by": leaf.off_by,
        "changes_at": _instant(leaf.changes_at),
    }


def _want(want: WantExplanation) -> dict[str, object]:
    return {
        "effect": str(want.effect),
        "params": dict(want.params),
        "slot": want.slot,
        "standing": [
            {"is": str(standing), "because_of": rule} for standing, rule in want.standings
        ],
    }


def _seconds(length: timedelta | None) -> int | None:
    return None if length is None else int(length.total_seconds())


def _instant(at: datetime | None) -> str | None:
    return None if at is None else instant_text(at)
