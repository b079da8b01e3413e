"""Which rules hold for a member at an instant, and when time alone may change that."""

from datetime import datetime

from voxguard.engine.episodes import Episode, Stretch
from voxguard.engine.index import GuildIndex, IndexedRule
from voxguard.engine.lookback import act_key
from voxguard.engine.state import GuildState, MemberState, new_episode_id


def earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    """The earlier of two instants, where None is never."""
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)


def exemption(
    guild: GuildState, index: GuildIndex, member: MemberState, at: datetime
) -> tuple[bool, datetime | None]:
    """Whether no rule may touch the member, and when time alone may change that."""
    exempt = index.exempt
    if (
        (exempt.bots and member.bot)
        or (exempt.admins and guild.is_admin(member))
        or (exempt.afk_channel and member.channel_id == guild.afk_channel_id)
    ):
        return True, None
    if index.exempt_who is None:
        return False, None
    return index.exempt_who.verdict(member, at)


def update_stretches(
    member: MemberState, rules: tuple[IndexedRule, ...], at: datetime
) -> tuple[list[IndexedRule], datetime | None]:
    """Bring the member's stretches and episodes up to `at`.

    The rules that hold, in decision order, and the next instant at which time alone may
    change which they are.
    """
    wake_at = None
    before = member.stretches
    after: dict[str, Stretch] = {}
    held = []
    for rule in rules:
        if rule.rule.spares and rule.meaning not in member.judged:
            continue
        matched, changes_at = rule.clause.verdict(member, at)
        if changes_at is not None:
            wake_at = earlier(wake_at, changes_at)
        if not matched:
            continue
        stretch = before.get(rule.name)
        if stretch is None or stretch.meaning != rule.meaning:
            stretch = _begin_stretch(member, rule, at)
        after[rule.name] = stretch
        holds, changes_at = _holds(rule, stretch, member, at)
        if changes_at is not None:
            wake_at = earlier(wake_at, changes_at)
        if not holds:
            stretch.episode = None
            stretch.barred = False
        elif stretch.episode is not None or _begin_episode(member, rule, stretch, at):
            held.append(rule)
    member.stretches = after
    return held, wake_at


def _begin_stretch(member: MemberState, rule: IndexedRule, at: datetime) -> Stretch:
    in_channel = rule.rule.lasting is not None and not rule.rule.across_channels
    return Stretch(meaning=rule.meaning, since_at=at, in_channel=in_channel, planned=member.planned)


def _holds(
    rule: IndexedRule, stretch: Stretch, member: MemberState, at: datetime
) -> tuple[bool, datetime | None]:
    """Whether a rule that matches has done so for long enough and nothing excuses it."""
    if rule.rule.lasting is not None:
        due_at = stretch.since_at + rule.rule.lasting
        if at < due_at:
            return False, due_at
    if rule.unless is None:
        return True, None
    excused, changes_at = rule.unless.verdict(member, at)
    return not excused, changes_at


def _begin_episode(member: MemberState, rule: IndexedRule, stretch: Stretch, at: datetime) -> bool:
    """Begin an episode, unless the rule has begun one at this instant already.

    Two rules that undo each other's reason, or one that undoes its own, would else go
    round for ever. Such a rule waits until it has stopped holding.
    """
    if member.begun_at != at:
        member.begun_at = at
        member.begun.clear()
    if stretch.barred or rule.name in member.begun:
        stretch.barred = True
        return False
    member.begun.add(rule.name)
    stretch.episode = _episode(member, rule, at, planned=stretch.planned or member.planned)
    return True


def _episode(member: MemberState, rule: IndexedRule, at: datetime, *, planned: bool) -> Episode:
    """An episode that begins, with what earlier ones leave of it: a cooldown, and the step."""
    episode = Episode(new_episode_id(member, rule.name, at), began_at=at, planned=planned)
    cooldown, forget_after = rule.rule.cooldown, rule.rule.forget_after
    if cooldown is None and forget_after is None:
        return episode
    acts = member.history.acts.get(act_key(rule.name, rule.mode), ())
    if cooldown is not None and acts:
        episode.quiet_until = acts[-1].last_at + cooldown
    if forget_after is not None:
        counted = sum(at - act.last_at < forget_after for act in acts)
        episode.step = min(counted, len(rule.rule.steps) - 1)
    return episode
