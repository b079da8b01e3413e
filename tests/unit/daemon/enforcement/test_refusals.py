import pytest

from tests.unit.daemon.enforcement.tools import GUILD, Rig, decide
from voxguard.daemon.enforcement.answers import FIRST_PAUSE_SECONDS
from voxguard.daemon.enforcement.refusals import PAUSE_SECONDS, SHORTEST_PAUSE_SECONDS
from voxguard.model.decisions import Effect, Outcome
from voxguard.model.ids import GuildId
from voxguard.ports.discord import Refused, Unreachable

FORBIDDEN = Refused(403, 50013, "Missing Permissions")


def refuse_three(rig: Rig, effect: Effect = Effect.MUTE) -> None:
    """Have Discord answer 403 three times."""
    for user in (1, 2, 3):
        rig.joined(user)
    rig.submit(*(decide(effect, user) for user in (1, 2, 3)))
    for request in rig.ready():
        rig.answer(request, FORBIDDEN)


def test_three_refusals_pause_the_kind(rig: Rig) -> None:
    """After three 403 nothing of the kind is sent for a minute, then one request probes."""
    refuse_three(rig)
    for user in (4, 5):
        rig.joined(user)
    fourth, fifth = rig.submit(decide(Effect.MUTE, 4), decide(Effect.MUTE, 5))
    assert rig.ready() == []
    assert rig.outcomes(fourth) == [Outcome.DEFERRED]
    assert rig.queue.wake_at(rig.now) == rig.now + PAUSE_SECONDS
    rig.wait(PAUSE_SECONDS)
    rig.answer(rig.one(), FORBIDDEN)
    assert rig.ready() == []
    rig.wait(PAUSE_SECONDS)
    rig.obey(rig.one())
    assert rig.outcomes(fourth) == [Outcome.DEFERRED, Outcome.FAILED]
    assert rig.outcomes(fifth) == [Outcome.DEFERRED, Outcome.APPLIED]


def test_no_more_than_three_are_refused_at_once(rig: Rig) -> None:
    """As long as nothing of a kind has worked, only three are under way together."""
    for user in range(1, 6):
        rig.joined(user)
    rig.submit(*(decide(Effect.MUTE, user) for user in range(1, 6)))
    requests = rig.ready()
    assert len(requests) == 3
    rig.obey(requests[0])
    assert len(rig.ready()) == 2


def test_other_kinds_go_on(rig: Rig) -> None:
    """A pause of mutes holds up no disconnect, and other guilds mute on."""
    refuse_three(rig)
    other = GuildId(2)
    rig.joined(4)
    rig.joined(4, guild=other)
    rig.submit(decide(Effect.DISCONNECT, 4), decide(Effect.MUTE, 4, guild=other))
    assert len(rig.ready()) == 2


def test_a_change_of_permissions_is_probed_at_once(rig: Rig) -> None:
    """When permissions may have changed one request probes, and success frees the others."""
    refuse_three(rig)
    for user in (4, 5, 6):
        rig.joined(user)
    rig.submit(*(decide(Effect.MUTE, user) for user in (4, 5, 6)))
    rig.wait(SHORTEST_PAUSE_SECONDS)
    rig.queue.guild_changed(GUILD, rig.now)
    rig.obey(rig.one())
    assert len(rig.ready()) == 2


def test_changes_one_after_the_other_are_not_probed_each(rig: Rig) -> None:
    """Where roles are edited all the time, Discord is asked every few seconds at most."""
    refuse_three(rig)
    rig.joined(4)
    rig.submit(decide(Effect.MUTE, 4))
    rig.queue.guild_changed(GUILD, rig.now)
    rig.queue.guild_changed(GUILD, rig.now)
    assert rig.ready() == []
    assert rig.queue.wake_at(rig.now) == rig.now + SHORTEST_PAUSE_SECONDS
    rig.wait(SHORTEST_PAUSE_SECONDS)
    rig.answer(rig.one(), FORBIDDEN)
    rig.queue.guild_changed(GUILD, rig.now)
    assert rig.ready() == []


def test_a_probe_without_an_answer_is_followed_by_another(rig: Rig) -> None:
    """A probe that tells nothing does not end the pause, and the next in line probes."""
    refuse_three(rig)
    for user in (4, 5):
        rig.joined(user)
    rig.submit(decide(Effect.MUTE, 4), decide(Effect.MUTE, 5))
    rig.wait(PAUSE_SECONDS)
    rig.answer(rig.one(), Unreachable("timeout", in_doubt=True))
    assert [request.user_id for request in rig.ready()] == [5]


@pytest.mark.parametrize(
    ("effect", "outcome"),
    [
        (Effect.MUTE, Outcome.UNKNOWN),
        (Effect.GRANT, Outcome.UNKNOWN),
        (Effect.MOVE, Outcome.FAILED),
    ],
)
def test_a_refusal_after_doubt(rig: Rig, effect: Effect, outcome: Outcome) -> None:
    """An earlier request may have set what is held; of a placement reports would have told."""
    [decision] = rig.submit(decide(effect))
    rig.answer(rig.one(), Unreachable("timeout", in_doubt=True))
    rig.wait(FIRST_PAUSE_SECONDS)
    rig.answer(rig.one(), FORBIDDEN)
    assert rig.outcomes(decision) == [outcome]
    assert rig.errors[decision.id] == "50013: Missing Permissions"


def test_a_refusal_of_what_an_earlier_request_may_have_set(rig: Rig) -> None:
    """Its release waited when it was wanted again: what is on by our hand has to be released."""
    rig.submit(decide(Effect.MUTE))
    rig.answer(rig.one(), Unreachable("timeout", in_doubt=True))
    rig.submit(decide(Effect.UNMUTE))
    [mute] = rig.submit(decide(Effect.MUTE))
    rig.wait(60)
    rig.answer(rig.one(), FORBIDDEN)
    assert rig.outcomes(mute) == [Outcome.UNKNOWN]


def test_a_lifting_that_is_refused_has_failed(rig: Rig) -> None:
    """Nothing of it is in doubt."""
    rig.joined(mute=True)
    [lifting] = rig.submit(decide(Effect.UNMUTE, release=False))
    rig.answer(rig.one(), FORBIDDEN)
    assert rig.outcomes(lifting) == [Outcome.FAILED]
