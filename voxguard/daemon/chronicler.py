"""What each step of the engine leaves behind: its record for the disk, and its lines in the log."""

from collections.abc import Iterable

import structlog

from voxguard.daemon.fuse_record import FuseRecord
from voxguard.daemon.fuse_watch import FuseWatch
from voxguard.daemon.ledger import Ledger
from voxguard.engine.engine import Engine
from voxguard.engine.memory import remember
from voxguard.engine.step import Step
from voxguard.model.decisions import Decision
from voxguard.model.ids import GuildId, UserId
from voxguard.ports.outbox import MemberRecord

# The name under which people find what was decided.
log = structlog.get_logger("voxguard.moderator")


class Chronicler:
    """Gives the ledger what was decided, and of members' memories what is new."""

    def __init__(self, engine: Engine, ledger: Ledger) -> None:
        """Read from this engine, write to this ledger."""
        self._engine = engine
        self._ledger = ledger
        self._fuses = FuseWatch()
        self._fuse_record = FuseRecord()
        self._remembered: dict[tuple[GuildId, UserId], bytes] = {}

    def remembers(self, members: Iterable[MemberRecord]) -> None:
        """Say what is on disk already, so that only what differs is written again."""
        self._fuses.remembers(self._engine.guilds)
        for record in members:
            if record.state is not None:
                self._remembered[record.guild_id, record.user_id] = record.state

    def note(self, step: Step) -> None:
        """Record a step."""
        fuses = self._fuse_record.changed(self._engine.guilds)
        if fuses:
            self._fuses.look(self._engine.guilds)
        members = [record for key in step.touched if (record := self._changed(key)) is not None]
        if step.decisions or step.visits or members or fuses:
            self._ledger.record(
                decisions=step.decisions, visits=step.visits, members=members, meta=fuses
            )

    def _changed(self, key: tuple[GuildId, UserId]) -> MemberRecord | None:
        """The member's memory, if it is not what was written last."""
        member = self._engine.member(*key)
        state = None if member is None else remember(member)
        if state == self._remembered.get(key):
            return None
        if state is None:
            del self._remembered[key]
        else:
            self._remembered[key] = state
        return MemberRecord(*key, state)


def tell(decisions: Iterable[Decision]) -> None:
    """Say in the log what was decided: only of what is on disk, or a crash makes it untrue."""
    for decision in decisions:
        _tell(decision)


def _tell(decision: Decision) -> None:
    log.info(
        "decided",
        rule=decision.rule,
        effect=decision.effect.value,
        mode=decision.mode.value,
        guild=str(decision.guild_id),
        member=str(decision.user_id),
        channel=None if decision.channel_id is None else str(decision.channel_id),
        at=decision.decided_at.isoformat(),
        decision=str(decision.id),
        params=dict(decision.params) or None,
    )
