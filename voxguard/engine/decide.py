"""Decide one member: again and again at one instant until nothing more is due."""

from datetime import datetime

from voxguard.engine.assume import assume
from voxguard.engine.details import details_of
from voxguard.engine.holding import earlier, exemption, update_stretches
from voxguard.engine.index import GuildIndex, IndexedRule, audit_reason
from voxguard.engine.layers import Draft, end_leases, update_layer
from voxguard.engine.speech import speak
from voxguard.engine.state import GuildState, MemberState, episode_id, make_id
from voxguard.model.decisions import NO_PARAMS, Decision, Mode


def decide_member(
    guild: GuildState, index: GuildIndex, member: MemberState, at: datetime
) -> list[Decision]:
    """Everything that is due for a settled member at `at`; sets when to look again.

    Rounds end because a rule begins at most one episode a member and instant.
    """
    decisions: list[Decision] = []
    member.wake_at = None
    if member.left:
        member.left = False
        drafts = end_leases(member, member.enforced) + end_leases(member, member.observed)
        _carry_out(guild, index, member, drafts, at, decisions, connected=False)
    while member.connected:
        drafts, wake_at = _round(guild, index, member, at)
        if not drafts:
            member.wake_at = wake_at
            break
        _carry_out(guild, index, member, drafts, at, decisions, connected=True)
    return decisions


def _round(
    guild: GuildState, index: GuildIndex, member: MemberState, at: datetime
) -> tuple[list[Draft], datetime | None]:
    exempt, wake_at = exemption(guild, index, member, at)
    if exempt:
        member.stretches.clear()
        held: list[IndexedRule] = []
    else:
        if member.candidates is None:
            member.candidates = index.candidates(member, at)
        held, changes_at = update_stretches(member, member.candidates, at)
        wake_at = earlier(wake_at, changes_at)
    enforcing = [rule for rule in held if rule.mode is Mode.ENFORCE]
    drafts = update_layer(member, member.enforced, speak(enforcing), at, placed=False)
    if len(enforcing) < len(held) or member.observed.leases:
        placed = member.enforced.placement is not None
        drafts += update_layer(member, member.observed, speak(held), at, placed=placed)
    return drafts, wake_at


def _carry_out(
    guild: GuildState,
    index: GuildIndex,
    member: MemberState,
    drafts: list[Draft],
    at: datetime,
    decisions: list[Decision],
    *,
    connected: bool,
) -> None:
    """Turn one round's drafts into decisions, in order, and assume what they change."""
    for draft in sorted(drafts, key=lambda draft: draft.sort_key):
        if draft.mode is Mode.ENFORCE:
            assume(member, draft.effect)
        rule = index.by_name.get(draft.rule)
        names = (guild.id, member.user_id, draft.rule)
        decisions.append(
            Decision(
                id=make_id(*names, draft.effect, draft.mode, at.isoformat(), len(decisions)),
                episode_id=episode_id(member, draft.rule, draft.episode_began_at),
                decided_at=at,
                guild_id=guild.id,
                user_id=member.user_id,
                channel_id=member.channel_id if connected else None,
                rule=draft.rule,
                effect=draft.effect,
                mode=draft.mode,
                release=draft.want is None,
                reason=audit_reason(draft.rule, "") if rule is None else rule.reason,
                params=NO_PARAMS if draft.want is None else draft.want.params,
                details=details_of(member, draft.rule),
            )
        )
