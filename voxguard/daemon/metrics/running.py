"""The daemon itself: policies, the disk, the database, the event loop."""

from collections.abc import Iterator
from typing import Final

from voxguard import __version__
from voxguard.daemon.metrics.measure import COUNTER, GAUGE, Look, Measure, one
from voxguard.daemon.vitals import SHORT_REVISION
from voxguard.ports.metrics import Sample


def _build(_look: Look) -> Iterator[Sample]:
    yield (__version__,), 1


def _revision(look: Look) -> Iterator[Sample]:
    yield (look.insight.engine.index.revision[:SHORT_REVISION],), 1


def _since(look: Look) -> float:
    return (look.insight.policies.status.since or look.insight.started_at).timestamp()


def _loads(look: Look) -> Iterator[Sample]:
    counts = look.insight.policies.counts
    yield ("loaded",), counts.loaded
    yield ("same",), counts.same
    yield ("invalid",), counts.invalid
    yield ("failed",), counts.failed


MEASURES: Final = (
    Measure("voxguard_build_info", GAUGE, "Always 1; the release.", _build, ("version",)),
    Measure(
        "voxguard_ready",
        GAUGE,
        "1 while every member is moderated, as /readyz says.",
        one(lambda look: look.health.ready),
    ),
    Measure(
        "voxguard_degraded",
        GAUGE,
        "1 while something is amiss although work goes on, as /readyz says.",
        one(lambda look: bool(look.health.degraded)),
    ),
    Measure(
        "voxguard_policy_revision_info",
        GAUGE,
        "Always 1; the revision in force.",
        _revision,
        ("revision",),
    ),
    Measure(
        "voxguard_policy_revision_since_seconds",
        GAUGE,
        "When the revision was put in force, in seconds since 1970.",
        one(_since),
    ),
    Measure(
        "voxguard_policy_last_good",
        GAUGE,
        "1 while the files have not loaded since the start and the last good revision is in force.",
        one(lambda look: look.insight.policies.status.from_last_good),
    ),
    Measure(
        "voxguard_policy_files_in_force",
        GAUGE,
        "1 while what the policy files say is what is done.",
        one(lambda look: look.insight.policies.status.in_force),
    ),
    Measure(
        "voxguard_policy_loads_total",
        COUNTER,
        "Loads of the policy files: a new revision, the same, files with errors, or broken off.",
        _loads,
        ("result",),
    ),
    Measure(
        "voxguard_recording_failing",
        GAUGE,
        "1 while the disk takes no records, and so nothing is done to anybody.",
        one(lambda look: look.insight.core.ledger.failure is not None),
    ),
    Measure(
        "voxguard_outbox_set_aside",
        GAUGE,
        "1 where this or an earlier start has set a damaged outbox aside that still lies there.",
        one(lambda look: look.insight.set_aside is not None),
    ),
    Measure(
        "voxguard_records_left_out_total",
        COUNTER,
        "Records that cannot be kept, whatever the disk; the log names them.",
        one(lambda look: look.insight.core.ledger.left_out),
    ),
    Measure(
        "voxguard_past_unread_guilds",
        GAUGE,
        "Guilds whose past is still to be read from PostgreSQL.",
        one(lambda look: len(look.insight.core.recalled.guilds)),
    ),
    Measure(
        "voxguard_past_read_rows_total",
        COUNTER,
        "Rows of the past that were read from PostgreSQL.",
        one(lambda look: look.insight.core.recalled.rows),
    ),
    Measure(
        "voxguard_database_connected",
        GAUGE,
        "1 while rows can go to PostgreSQL.",
        one(lambda look: look.insight.handover.status.connected),
    ),
    Measure(
        "voxguard_database_waiting_rows",
        GAUGE,
        "Rows that wait in the outbox for PostgreSQL.",
        one(lambda look: look.insight.handover.status.waiting_rows),
    ),
    Measure(
        "voxguard_database_refused_rows",
        GAUGE,
        "Rows that PostgreSQL has refused for what they hold.",
        one(lambda look: look.insight.handover.status.refused_rows),
    ),
    Measure(
        "voxguard_event_loop_lag_seconds",
        GAUGE,
        "By how much the event loop was late at most within the last minute.",
        one(lambda look: look.insight.lag.worst_seconds),
    ),
)
