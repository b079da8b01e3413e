"""Decide one member: again and again at one instant until nothing more is due."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from voxguard.engine.admission import admits, heeded
from voxguard.engine.assume import assume
from voxguard.engine.details import details_of
from voxguard.engine.hands import reasserted, yielded
from voxguard.engine.holding import earlier, exemption, update_stretches
from voxguard.engine.index import GuildIndex, IndexedRule, audit_reason
from voxguard.engine.layers import LayerUpdate
from voxguard.engine.leases import Draft, kept_until, leave
from voxguard.engine.naming import make_id
from voxguard.engine.speech import cooldown_ends, speak
from voxguard.engine.state import GuildState, MemberState
from voxguard.model.decisions import NO_PARAMS, Decision, Mode


def decide_member(
    guild: GuildState, index: GuildIndex, member: MemberState, at: datetime
) -> list[Decision]:
    """Everything that is due for a settled member at `at`; sets when to look again.

    Rounds end because a rule begins at most one episode a member and instant.
    """
    decisions: list[Decision] = []
    member.wake_at = None
    if member.hands and (drafts := yielded(member)):
        _carry_out(guild, index, member, drafts, at, decisions, connected=member.connected)
    if member.left or not member.connected:
        member.left = False
        # What is held for a while ends by itself while the member is away.
        if member.enforced.leases or member.observed.leases:
            drafts = leave(member, member.enforced, at) + leave(member, member.observed, at)
            drafts += reasserted(member)
            _carry_out(guild, index, member, drafts, at, decisions, connected=False)
    while member.connected:
        drafts, wake_at = _round(guild, index, member, at)
        if not drafts:
            member.wake_at = wake_at
            break
        _carry_out(guild, index, member, drafts, at, decisions, connected=True)
    member.planned = False
    member.hands.clear()
    if member.enforced.leases or member.observed.leases:
        member.wake_at = earlier(member.wake_at, kept_until(member, at))
    return decisions


def _round(
    guild: GuildState, index: GuildIndex, member: MemberState, at: datetime
) -> tuple[list[Draft], datetime | None]:
    exempt, wake_at = exemption(guild, index, member, at)
    held: Sequence[IndexedRule] = ()
    if exempt:
        member.stretches.clear()
    else:
        if member.candidates is None:
            member.candidates = index.candidates(member, at)
        held, changes_at = update_stretches(member, member.candidates, at)
        wake_at = earlier(wake_at, changes_at)
        for ends_at in cooldown_ends(member, held, at):
            wake_at = earlier(wake_at, ends_at)
    if exempt:
        # What others have undone of what is still held is not set again.
        member.hands.clear()
    drafts = _update_layers(guild, member, held, at)
    return drafts, wake_at


def _update_layers(
    guild: GuildState, member: MemberState, held: Sequence[IndexedRule], at: datetime
) -> list[Draft]:
    if not held and not member.enforced.leases and not member.observed.leases:
        return []
    admitting = partial(admits, guild, member, at=at)
    drafts: list[Draft] = []
    while True:
        blown = guild.fuses.blown_count
        heard = heeded(guild, member, held)
        enforcing = [rule for rule in heard if rule.mode is Mode.ENFORCE]
        speech = speak(member, enforcing, at)
        drafts += LayerUpdate(member, member.enforced, speech, at, admitting).run()
        if member.hands:
            drafts += reasserted(member)
        # The rule that has just blown its fuse is no longer in the way of others.
        if guild.fuses.blown_count == blown:
            break
    if len(enforcing) < len(heard) or member.observed.leases:
        placed = member.enforced.placement is not None
        speech = speak(member, heard, at)
        drafts += LayerUpdate(member, member.observed, speech, at, admitting, placed=placed).run()
    return drafts


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
        if draft.mode is Mode.ENFORCE and not draft.yielded:
            assume(guild, member, draft.effect, draft.role_id)
        rule = index.by_name.get(draft.rule)
        fused = draft.by is not None and draft.by.fused
        names = (guild.id, member.user_id, draft.rule)
        number: tuple[int, ...] = (len(decisions),)
        if draft.hand is not None and draft.hand.again:
            # Of one instant there may be several.
            number = (*number, draft.hand.again)
        decisions.append(
            Decision(
                id=make_id(*names, draft.effect, draft.mode, at.isoformat(), *number),
                episode_id=draft.episode_id,
                decided_at=at,
                guild_id=guild.id,
                user_id=member.user_id,
                channel_id=member.channel_id if connected else None,
                rule=draft.rule,
                effect=draft.effect,
                mode=draft.mode,
                release=draft.want is None,
                fused=fused,
                yielded=draft.yielded,
                reason=audit_reason(draft.rule, "") if rule is None else rule.reason,
                params=_params(draft),
                details={
                    **details_of(member, draft.rule, rule, at),
                    "fused": fused,
                    **_hand(draft),
                    **({} if draft.ended is None else {"ended": draft.ended}),
                },
            )
        )


def _hand(draft: Draft) -> Mapping[str, object]:
    """What the action log says of somebody else's hand, if there was one."""
    if draft.hand is None:
        return {}
    by = draft.hand.by
    return {
        "yielded": draft.yielded,
        "undone": draft.hand.undone,
        "by": None if by is None else str(by),
    }


def _params(draft: Draft) -> Mapping[str, object]:
    if draft.want is not None:
        return draft.want.params
    return NO_PARAMS if draft.role_id is None else {"role": str(draft.role_id)}
