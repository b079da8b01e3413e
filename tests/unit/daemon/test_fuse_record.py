"""Fuses on their way to the disk and back."""

from structlog.testing import capture_logs

from tests.support.stage import GUILD, LOBBY, Stage, users, voice
from tests.unit.daemon.parts import SNAPSHOT, START, Running
from voxguard.daemon.fuse_record import FUSES, FuseRecord, kept_fuses
from voxguard.daemon.moderator import Moderator
from voxguard.engine.engine import Engine
from voxguard.engine.fuse_memory import recall_fuses
from voxguard.model.decisions import Mode
from voxguard.ports.outbox import OutboxState

QUIET = "rules: {quiet: {where: lobby, limits: {fuse: {members: 2, within: 30s}}, then: {warn: x}}}"


def moderate(running: Running) -> Moderator:
    """A moderator whose engine has fuses, with three members in the lobby."""
    stage = Stage(QUIET, appear=False)
    each = Moderator(Engine(fuses=True), running.ledger, running.clock.now, running.events.append)
    each.activate(stage.engine.index)
    each.take(SNAPSHOT)
    each.take(*(voice(user, LOBBY) for user in users(3)))
    return each


async def test_fuses_are_on_disk_with_the_decisions_that_they_let_through() -> None:
    """A kill at any instant finds both or neither."""
    async with Running() as running:
        moderate(running)
        await running.settled()
        (batch,) = [batch for batch in running.outbox.batches if batch.decisions]
        (counter,) = recall_fuses(batch.meta[FUSES])[GUILD].values()
        assert counter.blown_at == START
        assert [each.fused for each in batch.decisions] == [False, False, True]


async def test_a_reset_is_on_disk_with_what_it_brings_about() -> None:
    """Whom the rule has observed it acts on, and nothing is remembered of its fuse."""
    async with Running() as running:
        each = moderate(running)
        await running.settled()
        running.clock.forward(1)
        assert each.reset_fuse(GUILD, "quiet") == users(3)[2:]
        assert each.reset_fuse(GUILD, "quiet") is None
        await running.settled()
        batch = running.outbox.batches[-1]
        assert [(one.user_id, one.mode) for one in batch.decisions] == [(users(3)[2], Mode.ENFORCE)]
        assert recall_fuses(batch.meta[FUSES]) == {}


async def test_nothing_is_written_where_nothing_was_counted() -> None:
    """A guild in which nothing happens costs nothing."""
    record = FuseRecord()
    stage = Stage(QUIET, fuses=True)
    assert record.changed(stage.engine.guilds) == {}
    stage.at(0.5).enter(users(1)[0], LOBBY)
    assert set(record.changed(stage.engine.guilds)) == {FUSES}
    assert record.changed(stage.engine.guilds) == {}


def test_a_damaged_record_is_said_and_begun_anew() -> None:
    """It keeps nothing from starting; no record at all is nothing to speak of."""
    with capture_logs() as logs:
        assert kept_fuses(OutboxState()) == {}
        assert kept_fuses(OutboxState(meta={FUSES: "{"})) == {}
    assert [line["log_level"] for line in logs] == ["error"]
