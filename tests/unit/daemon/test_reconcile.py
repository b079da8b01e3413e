import asyncio

from structlog.testing import capture_logs

from tests.support.stage import ALICE, BOB, CAROL, GUILD, LOBBY, MUSIC, STAGE, make_index
from tests.unit.daemon.parts import Running
from tests.unit.daemon.second_look import Rig
from voxguard.daemon.reconcile import as_dispatch, compare
from voxguard.model.ids import UserId
from voxguard.model.payloads import parse_voice_state
from voxguard.model.world import VoiceState
from voxguard.ports.reconciliation import Drift, Looked

HELD = "rules: {quiet: {where: lobby, then: {mute: true, hold: 1h}}}"


async def test_what_agrees_is_left_alone() -> None:
    """Everybody is asked after once, and nothing is reported."""
    async with Running() as running:
        rig = Rig(running)
        rig.told(VoiceState(ALICE, LOBBY), VoiceState(BOB, MUSIC, self_mute=True))
        with capture_logs() as logs:
            await rig.reconciler.round()
        assert sorted(rig.world.asked) == [ALICE, BOB]
        assert (rig.reports, rig.world.renewed, logs) == ([], [], [])
        assert (rig.stats.rounds, rig.stats.asked, sum(rig.stats.drift.values())) == (1, 2, 0)


async def test_whoever_is_otherwise_is_put_right_as_by_a_report() -> None:
    """Gone, elsewhere, or muted: told in one line, counted by kind, and decided."""
    async with Running() as running:
        rig = Rig(running)
        rig.told(VoiceState(ALICE, LOBBY), VoiceState(BOB, MUSIC), VoiceState(CAROL, STAGE))
        rig.world.states = {
            BOB: VoiceState(BOB, LOBBY),
            CAROL: VoiceState(CAROL, STAGE, suppressed=True),
        }
        with capture_logs() as logs:
            await rig.reconciler.round()
        await running.settled()
        assert (rig.channel(ALICE), rig.channel(BOB)) == (None, LOBBY)
        decided = [(each.user_id, each.effect.value) for each in running.handed_on]
        assert sorted(decided) == [(ALICE, "mute"), (ALICE, "unmute"), (BOB, "mute")]
        found = {Drift.GONE: 1, Drift.ELSEWHERE: 1, Drift.FLAGS: 1, Drift.UNSEEN: 0}
        assert rig.stats.drift == found
        assert rig.world.renewed == [GUILD]
        assert [line["event"] for line in logs if line["log_level"] == "warning"] == [
            "members were not as reported; put right"
        ]
        assert sorted(rig.world.asked) == sorted(2 * [ALICE, BOB, CAROL])
        await rig.reconciler.round()
        assert len(rig.reports) == 3


async def test_whoever_waits_for_a_release_is_asked_after_too() -> None:
    """Somebody with a lease who is there unseen is decided as if they had just come."""
    async with Running() as running:
        rig = Rig(running)
        rig.moderator.activate(make_index(HELD))
        rig.told(VoiceState(ALICE, LOBBY), VoiceState(ALICE, None))
        rig.world.states[ALICE] = VoiceState(ALICE, MUSIC, guild_mute=True)
        await rig.reconciler.round()
        assert rig.channel(ALICE) == MUSIC
        assert rig.stats.drift[Drift.UNSEEN] == 1


async def test_flags_alone_are_no_reason_for_another_session() -> None:
    """No joining has been missed then."""
    async with Running() as running:
        rig = Rig(running)
        rig.told(VoiceState(BOB, MUSIC))
        rig.world.states[BOB] = VoiceState(BOB, MUSIC, camera=True)
        await rig.reconciler.round()
        assert (rig.stats.drift[Drift.FLAGS], rig.world.renewed) == (1, [])


async def test_a_report_that_is_on_its_way_is_no_drift() -> None:
    """Whoever differs is asked after again, by when the report has come; and a report wins."""
    async with Running() as running:
        rig = Rig(running)
        rig.told(VoiceState(BOB, MUSIC), VoiceState(CAROL, MUSIC))

        def answer(user_id: UserId) -> Looked | None:
            if user_id == CAROL:
                # It comes while the question is under way, and is newer than the answer.
                rig.told(VoiceState(CAROL, LOBBY))
                return Looked(VoiceState(CAROL, None))
            first = rig.world.asked.count(BOB) == 1
            if first:
                asyncio.get_running_loop().call_soon(rig.told, VoiceState(BOB, STAGE))
            return Looked(VoiceState(BOB, STAGE))

        rig.world.answer = answer
        await rig.reconciler.round()
        assert (rig.reports, sum(rig.stats.drift.values())) == ([], 0)


def test_a_voice_state_as_a_dispatch_says_the_same() -> None:
    """What is reported in this way is understood as it was meant."""
    state = VoiceState(ALICE, LOBBY, True, False, True, False, True, False, True)
    assert parse_voice_state(as_dispatch(GUILD, state)) == state
    assert parse_voice_state(as_dispatch(GUILD, VoiceState(ALICE, None))).channel_id is None


def test_kinds_of_drift() -> None:
    """Where somebody is comes before how they are there; of who is away nothing else counts."""
    here, there = VoiceState(ALICE, LOBBY), VoiceState(ALICE, MUSIC, camera=True)
    away = VoiceState(ALICE, None)
    assert compare(here, here) is None
    assert compare(here, there) is Drift.ELSEWHERE
    assert compare(here, away) is Drift.GONE
    assert compare(away, here) is Drift.UNSEEN
    assert compare(away, VoiceState(ALICE, None, guild_mute=True)) is None
    assert compare(here, VoiceState(ALICE, LOBBY, self_deaf=True)) is Drift.FLAGS
