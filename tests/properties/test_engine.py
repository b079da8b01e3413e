"""What holds for every policy and every life of a guild."""

from dataclasses import replace
from itertools import cycle

from hypothesis import given
from hypothesis import strategies as st

from tests.properties.random_rules import as_yaml, named_rules, policies
from tests.properties.worlds import Life, end_of, lives, stage_for
from tests.support.restart import restarted
from tests.support.stage import GUILD, Stage, make_index, voice
from voxguard.engine.memory import recall, remember
from voxguard.engine.reported import last_voice_state
from voxguard.engine.state import GuildState
from voxguard.model.decisions import Decision, Mode
from voxguard.model.events import Event, VoiceStateChanged

WATCHED = 240
INSTANTS = st.lists(st.integers(0, 900), max_size=40).map(sorted)


def live(stage: Stage, life: Life) -> list[Decision]:
    """Play a life to its end."""
    for at, happening in life:
        stage.at(at).step(*happening)
    stage.at(end_of(life)).step()
    return stage.decisions


def tables(stage: Stage) -> GuildState:
    """The only guild's tables."""
    guild = stage.engine.guild(GUILD)
    assert guild is not None
    return guild


@given(policies(), lives())
def test_the_index_decides_what_a_scan_decides(policy: str, life: Life) -> None:
    """Filing rules by what they require changes no decision."""
    assert live(stage_for(policy), life) == live(stage_for(policy, filed=False), life)


@given(policies(), lives())
def test_wake_at_is_never_late(policy: str, life: Life) -> None:
    """Asking every second brings the decisions that waking up when told to brings."""
    watched, woken = stage_for(policy), stage_for(policy)
    happenings = dict(life)
    for second in range(1, WATCHED):
        watched.at(second).step(*happenings.get(second, []))
    for at, happening in life:
        if at < WATCHED:
            woken.at(at).step(*happening)
    woken.at(WATCHED - 1).step()
    assert watched.decisions == woken.decisions


@given(policies(), lives(), INSTANTS)
def test_more_instants_change_nothing(policy: str, life: Life, more: list[int]) -> None:
    """Looking at any other instants as well brings no decision earlier, later or twice."""
    plain, watched = stage_for(policy), stage_for(policy)
    live(plain, life)
    happenings = dict(life)
    last = life[-1][0]
    for second in sorted({*happenings, *more, *(last + each / 7 for each in more)}):
        watched.at(second).step(*happenings.get(int(second), []) if second in happenings else ())
    watched.at(max(watched.now, end_of(life))).step()
    assert plain.decisions == watched.decisions


@given(policies(), lives())
def test_repeated_voice_states_change_nothing(policy: str, life: Life) -> None:
    """The same report again, at once or later, is no event."""
    once, twice = stage_for(policy), stage_for(policy)
    live(once, life)
    for at, happening in life:
        twice.at(at).step(*(each for event in happening for each in _doubled(event)))
        guild = tables(twice)
        reports = [
            VoiceStateChanged(GUILD, last_voice_state(member, member.channel_id))
            for member in guild.members.values()
            if member.connected
        ]
        twice.at(at + 0.5).step(*reports)
    twice.at(end_of(life)).step()
    assert once.decisions == twice.decisions


def _doubled(event: Event) -> list[Event]:
    return [event, event] if isinstance(event, VoiceStateChanged) else [event]


@given(named_rules(), lives())
def test_enforcing_rules_never_see_observing_ones(named: dict[str, object], life: Life) -> None:
    """What is done is the same whether those that only observe are there or off."""
    alone = {
        name: rule | {"mode": "off"} if rule["mode"] == "observe" else rule
        for name, rule in named.items()
        if isinstance(rule, dict)
    }
    done = live(stage_for(as_yaml(alone)), life)
    beside = live(stage_for(as_yaml(named)), life)
    enforced = [each for each in beside if each.mode is Mode.ENFORCE]
    # The id tells decisions of one instant apart by their number.
    same = [replace(each, id=other.id) for each, other in zip(enforced, done, strict=False)]
    assert same == done
    assert len(enforced) == len(done)


@given(policies(), lives())
def test_loading_the_same_meaning_decides_nothing(policy: str, life: Life) -> None:
    """A revision that says what the active one says changes nothing, then or later."""
    plain, reloaded = stage_for(policy), stage_for(policy)
    live(plain, life)
    again = cycle([make_index(policy), make_index(policy)])
    for at, happening in life:
        reloaded.at(at).step(*happening)
        reloaded.engine.activate(next(again), reloaded.instant())
        assert reloaded.step() == []
    reloaded.at(end_of(life)).step()
    assert plain.decisions == reloaded.decisions


@given(policies(), lives())
def test_memories_survive_the_way_to_disk(policy: str, life: Life) -> None:
    """What is remembered of a member says all that is needed to say it again."""
    stage = stage_for(policy)
    for at, happening in life:
        stage.at(at).step(*happening)
        for user_id, member in tables(stage).members.items():
            memory = remember(member)
            assert remember(recall(GUILD, user_id, memory)) == memory


@given(policies(), lives(deletions=False))
def test_a_restart_at_any_instant_changes_nothing(policy: str, life: Life) -> None:
    """Whoever takes up what was written down decides at once nothing, and later the same."""
    plain, killed = stage_for(policy), stage_for(policy)
    live(plain, life)
    for at, happening in life:
        killed.at(at).step(*happening)
        if tables(killed).available:
            assert restarted(killed.at(at + 0.5)) == []
    killed.at(end_of(life)).step()
    assert plain.decisions == killed.decisions


@given(policies(), lives())
def test_a_quiet_guild_wakes_nobody(policy: str, life: Life) -> None:
    """Once everybody has left there is nothing to wake up for but what is held for a while."""
    stage = stage_for(policy)
    live(stage, life)
    stage.step(*(voice(user, None) for user in tuple(tables(stage).members)))
    before = len(stage.decisions)
    while (wake_in := stage.wake_in) is not None:
        assert stage.now < wake_in <= end_of(life) + 120
        stage.at(wake_in).step()
    assert all(each.release for each in stage.decisions[before:])
    # Nobody is remembered for longer than any rule looks back.
    stage.at(stage.now + 3 * 86_400).step()
    assert [each.user_id for each in tables(stage).members.values() if each.history] == []
