from pathlib import Path
from typing import cast

from tests.support.stage import GUILD, Stage, make_index
from tests.unit.daemon.parts import Running
from voxguard.daemon.reload.status import ReloadStatus
from voxguard.daemon.vitals import Policies, Vitals, policy_complaints
from voxguard.engine.engine import Engine
from voxguard.model.problems import Level, Mark, Problem
from voxguard.ports.discord import Gateway, GatewayStatus
from voxguard.ports.outbox import Handover, HandoverStatus, OutboxStatus

BROKEN = Problem(
    "VG001", "syntax", Level.ERROR, Mark("rules.yaml", 3, 7), "This is no YAML.", hint=None
)
DAMAGED = (
    "an outbox was damaged and set aside as outbox.corrupt-1: take it away once it was looked at"
)
WARNED = Problem("VG105", "shadowed", Level.WARNING, Mark("rules.yaml", 1, 1), "Hm.")


class Parts:
    """What vitals look at, to be set at will."""

    def __init__(self) -> None:
        self.running = Running()
        self.engine = Engine(make_index("rules: {}"))
        self.gateway = GatewayStatus(1, frozenset({0}), frozenset({GUILD}))
        self.handover = HandoverStatus(connected=True)
        self.policies = ReloadStatus(revision="a" * 64)
        self.waiting: str | None = None

    def vitals(self) -> Vitals:
        """Vitals of these parts."""

        class Stands:
            def __init__(self, status: object, waiting: str | None = None) -> None:
                self.status = status
                self.waiting = waiting

        return Vitals(
            self.engine,
            cast("Gateway", Stands(self.gateway)),
            cast("Handover", Stands(self.handover)),
            self.running.ledger,
            cast("Policies", Stands(self.policies, self.waiting)),
            lambda: OutboxStatus((Path("outbox.corrupt-1"),)).complaints(),
        )


def test_ready_is_a_revision_a_connection_and_every_guild_seen() -> None:
    """A guild of the set that the bot is in has to be seen first; another is not waited for."""
    parts = Parts()
    health = parts.vitals().health()
    assert health.unready == ("guild 100 has not been seen yet",)
    parts.engine.step([Stage("rules: {}", appear=False).snapshot()], Stage("rules: {}").instant())
    health = parts.vitals().health()
    assert health.ready
    assert health.degraded == (DAMAGED,)
    assert health.revision == parts.engine.index.revision[:12]
    assert (health.database, health.discord, health.policies) == ("connected",) * 2 + ("loaded",)
    parts.gateway = GatewayStatus(1, frozenset({0}), frozenset())
    parts.engine = Engine(make_index("rules: {}"))
    assert parts.vitals().health().ready


def test_every_reason_is_named() -> None:
    """Who asks learns everything that is amiss, and where."""
    parts = Parts()
    parts.engine = Engine()
    parts.gateway = GatewayStatus(last_error="connection refused", warnings=("no members intent",))
    parts.handover = HandoverStatus(waiting_rows=7, refused_rows=2, last_error="connection refused")
    parts.running.ledger.failure = "the disk is full"
    parts.running.ledger.left_out = 3
    parts.policies = ReloadStatus(problems=(BROKEN, BROKEN, WARNED), from_last_good=True)
    parts.waiting = "git is at work"
    health = parts.vitals().health()
    assert health.unready == (
        "no policy set is active yet",
        "not connected to Discord: connection refused",
        "nothing can be recorded: the disk is full",
    )
    assert health.degraded == (
        "no members intent",
        "database away (connection refused); 7 rows wait in the outbox",
        "the database refused 2 rows",
        "3 records could not be kept: see the log",
        DAMAGED,
        "the policy set did not load: the last good revision is in force",
        "the policy files are not in force: rules.yaml:3:7: This is no YAML. (and 1 more)",
        "the policy files are not read yet: git is at work",
    )
    assert (health.revision, health.database, health.discord) == (None, "away", "away")


def test_a_start_is_still_connecting() -> None:
    """Without an error there is no other reason than time."""
    parts = Parts()
    parts.gateway = GatewayStatus()
    parts.handover = HandoverStatus()
    health = parts.vitals().health()
    assert "not connected to Discord: still connecting" in health.unready
    assert health.degraded[0].startswith("database away (still connecting)")


def test_policies_can_be_amiss_in_other_ways() -> None:
    """A load that broke off, a revision that waits, and one that was not kept."""
    status = ReloadStatus(failure="no time", staged="b" * 64, not_kept="disk full")
    assert policy_complaints(status) == [
        "the policy files could not be loaded: no time",
        f"revision {'b' * 12} waits to be applied",
        "the active revision would not survive a restart: disk full",
    ]
    assert policy_complaints(ReloadStatus(problems=(WARNED,))) == []
