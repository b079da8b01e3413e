"""What is held, and what is not: nothing of ours without a lease, and no release twice."""

from collections.abc import Iterable

from hypothesis import given

from tests.properties.random_rules import policies
from tests.properties.worlds import Life, end_of, lives, stage_for
from tests.support.stage import GUILD, Stage
from voxguard.model.decisions import ENDED, RELEASES, Decision, Effect, Mode
from voxguard.model.events import Event, GuildAppeared, GuildVanished, MemberRemoved
from voxguard.model.ids import UserId
from voxguard.model.world import ChannelKind
from voxguard.policy.effects.base import DEAFEN, MUTE, SUPPRESS, Slot

SLOTS = {Effect.MUTE: MUTE, Effect.DEAFEN: DEAFEN, Effect.SUPPRESS: SUPPRESS}

Held = dict[tuple[UserId, Mode], set[str]]
"""By member and mode what is on, as decisions alone tell it."""


def slot_of(decision: Decision) -> Slot:
    """The slot of a held effect or of its end."""
    role = decision.params.get("role")
    effect = ENDED.get(decision.effect, decision.effect)
    return SLOTS[effect] if role is None else Slot(f"role:{role}")


def take(held: Held, decisions: Iterable[Decision]) -> None:
    """Take decisions in, each of which has to go with those before it."""
    for decision in decisions:
        if decision.effect not in {*RELEASES, *ENDED} or slot_of(decision) == SUPPRESS:
            # An audience ends with its visit, without a word.
            continue
        on, slot = held.setdefault((decision.user_id, decision.mode), set()), slot_of(decision)
        if decision.effect in RELEASES:
            assert slot not in on, decision
            on.add(slot)
        elif decision.release:
            assert slot in on, decision
            on.remove(slot)
        else:
            # Lifting ends it, whoever has set it.
            on.discard(slot)


def lose(stage: Stage, held: Held, happening: Iterable[Event]) -> None:
    """Whoever is removed from the guild takes what was held along."""
    guild = stage.engine.guild(GUILD)
    available = guild is not None and guild.available
    for event in happening:
        match event:
            case GuildAppeared():
                available = True
            case GuildVanished():
                available = False
            case MemberRemoved(user_id=user_id) if available:
                held.pop((user_id, Mode.ENFORCE), None)
                held.pop((user_id, Mode.OBSERVE), None)
            case _:
                pass


def leases_of(stage: Stage, user_id: UserId, mode: Mode) -> set[str]:
    """The slots on which there is a lease."""
    guild = stage.engine.guild(GUILD)
    member = None if guild is None else guild.members.get(user_id)
    if member is None:
        return set()
    layer = member.enforced if mode is Mode.ENFORCE else member.observed
    return {slot for slot in layer.leases if slot != SUPPRESS}


@given(policies(), lives(deletions=False))
def test_what_is_on_by_us_has_a_lease(policy: str, life: Life) -> None:
    """What decisions have begun and not ended is what leases hold, at any instant.

    So nobody is muted by us without a lease, nothing begins twice, and nothing is
    released that is not on.
    """
    stage, held = stage_for(policy), Held()
    take(held, stage.decisions)
    for at, happening in [*life, (end_of(life), [])]:
        before = len(stage.decisions)
        while (wake_in := stage.wake_in) is not None and wake_in < at:
            stage.at(wake_in).step()
        take(held, stage.decisions[before:])
        lose(stage, held, happening)
        before = len(stage.decisions)
        stage.at(at).step(*happening)
        take(held, stage.decisions[before:])
        for (user_id, mode), on in held.items():
            assert on == leases_of(stage, user_id, mode)


@given(policies(), lives())
def test_leases_and_facts_agree(policy: str, life: Life) -> None:
    """Whoever has a lease carries it; who is away is held for a while or not at all."""
    stage = stage_for(policy)
    for at, happening in [*life, (end_of(life), [])]:
        stage.at(at).step(*happening)
        guild = stage.engine.guild(GUILD)
        assert guild is not None
        for member in guild.members.values():
            leases = member.enforced.leases
            assert MUTE not in leases or member.guild_mute
            assert DEAFEN not in leases or member.guild_deaf
            if SUPPRESS in leases:
                assert member.suppressed
                assert member.channel_kind is ChannelKind.STAGE
            for slot, some in leases.items():
                roles = {each.role_id for each in some.values()}
                assert roles == {None} or roles <= member.own_roles
                assert (roles == {None}) is not slot.startswith("role:")
            if not member.connected:
                kept = [*leases.values(), *member.observed.leases.values()]
                ends = [each.until_at for some in kept for each in some.values()]
                assert all(end is not None and end > stage.instant() for end in ends)


@given(policies(), lives())
def test_nothing_new_begins_behind_a_placement(policy: str, life: Life) -> None:
    """Once a placement is decided, no mute, deafen, audience or lifting begins in that visit."""
    stage = stage_for(policy)
    for at, happening in [*life, (end_of(life), [])]:
        stage.at(at).step(*happening)
    placed: set[tuple[UserId, Mode, object]] = set()
    for decision in stage.decisions:
        visit = decision.details["visit_since"]
        if decision.effect in (Effect.DISCONNECT, Effect.MOVE):
            placed.add((decision.user_id, decision.mode, visit))
        elif decision.effect in {*SLOTS, *ENDED} - {Effect.REVOKE} and not decision.release:
            assert (decision.user_id, Mode.ENFORCE, visit) not in placed
            assert (decision.user_id, decision.mode, visit) not in placed
