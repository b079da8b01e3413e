"""What holds for every policy and every life of a guild."""

from hypothesis import given

from tests.properties.worlds import lives, policies
from tests.support.stage import GUILD, Stage, voice
from voxguard.engine.memory import recall, remember
from voxguard.model.decisions import Decision, Effect, Mode
from voxguard.model.events import Event, VoiceStateChanged

Life = list[tuple[int, list[Event]]]
END = 1200
WATCHED = 240


def live(stage: Stage, life: Life, *, end: int = END) -> list[Decision]:
    """Play a life to its end."""
    for at, happening in life:
        stage.at(at).step(*happening)
    stage.at(end).step()
    return stage.decisions


@given(policies(), lives())
def test_the_index_decides_what_a_scan_decides(policy: str, life: Life) -> None:
    """Filing rules by what they require changes no decision."""
    assert live(Stage(policy), life) == live(Stage(policy, filed=False), life)


@given(policies(), lives())
def test_wake_at_is_never_late(policy: str, life: Life) -> None:
    """Asking every second brings the decisions that waking up when told to brings."""
    watched, woken = Stage(policy), Stage(policy)
    happenings = dict(life)
    for second in range(1, WATCHED):
        watched.at(second).step(*happenings.get(second, []))
    for at, happening in life:
        if at < WATCHED:
            woken.at(at).step(*happening)
    woken.at(WATCHED - 1).step()
    assert watched.decisions == woken.decisions


@given(policies(), lives())
def test_repeated_voice_states_change_nothing(policy: str, life: Life) -> None:
    """The same report again, at once or later, is no event."""
    once, twice = Stage(policy), Stage(policy)
    live(once, life)
    for at, happening in life:
        doubled = [each for event in happening for each in _doubled(event)]
        twice.at(at).step(*doubled)
    twice.at(END).step()
    assert once.decisions == twice.decisions


def _doubled(event: Event) -> list[Event]:
    return [event, event] if isinstance(event, VoiceStateChanged) else [event]


@given(policies(), lives())
def test_leases_and_facts_agree(policy: str, life: Life) -> None:
    """Whoever has a lease carries it, and after each release nothing of ours is left."""
    stage = Stage(policy)
    for at, happening in [*life, (END, [])]:
        stage.at(at).step(*happening)
        guild = stage.engine.guild(GUILD)
        assert guild is not None
        for member in guild.members.values():
            leases = member.enforced.leases
            assert member.connected or not (leases or member.observed.leases)
            assert "mute" not in leases or member.guild_mute
            assert "deafen" not in leases or member.guild_deaf


@given(policies(), lives())
def test_a_release_undoes_what_was_done_once(policy: str, life: Life) -> None:
    """In each mode mutes and unmutes of a member alternate, beginning with a mute."""
    on: set[tuple[int, Mode, Effect]] = set()
    removed = {Effect.UNMUTE: Effect.MUTE, Effect.UNDEAFEN: Effect.DEAFEN}
    stage = Stage(policy)
    live(stage, [(at, _without_removals(some)) for at, some in life])
    for decision in stage.decisions:
        who = (decision.user_id, decision.mode)
        if decision.effect in removed:
            assert decision.release
            on.remove((*who, removed[decision.effect]))
        elif decision.effect in removed.values():
            assert (*who, decision.effect) not in on
            on.add((*who, decision.effect))


def _without_removals(happening: list[Event]) -> list[Event]:
    """A member who is removed from the guild is released without a word."""
    return [event for event in happening if type(event).__name__ != "MemberRemoved"]


@given(policies(), lives())
def test_loading_the_same_meaning_decides_nothing(policy: str, life: Life) -> None:
    """A revision that says what the active one says changes nothing, then or later."""
    plain, reloaded = Stage(policy), Stage(policy)
    live(plain, life)
    for at, happening in life:
        reloaded.at(at).step(*happening)
        assert reloaded.activate(policy) == []
    reloaded.at(END).step()
    assert plain.decisions == reloaded.decisions


@given(policies(), lives())
def test_memories_survive_the_way_to_disk(policy: str, life: Life) -> None:
    """What is remembered of a member says all that is needed to say it again."""
    stage = Stage(policy)
    for at, happening in life:
        stage.at(at).step(*happening)
        guild = stage.engine.guild(GUILD)
        assert guild is not None
        for user_id, member in guild.members.items():
            memory = remember(member)
            assert remember(recall(GUILD, user_id, memory)) == memory


@given(policies(), lives())
def test_a_quiet_guild_wakes_nobody(policy: str, life: Life) -> None:
    """Once everybody has left there is nothing to wake up for."""
    stage = Stage(policy)
    live(stage, life)
    guild = stage.engine.guild(GUILD)
    assert guild is not None
    stage.step(*(voice(user, None) for user in tuple(guild.members)))
    assert stage.engine.wake_at is None
