"""Which reports show an own edit: as it was asked for, in order, and not for ever."""

from datetime import datetime, timedelta

import pytest

from tests.support.stage import AFK, ALICE, DJ, GUILD, LOBBY, STAGE, START
from voxguard.daemon.expected import (
    ECHO_TIME,
    PLACE,
    Expected,
    Subject,
    Value,
    echo_of,
    edits_of,
    subject_of,
)
from voxguard.model.decisions import Effect
from voxguard.ports.discord import (
    Act,
    Answer,
    Applied,
    MemberEdit,
    NotConnected,
    OpenDirect,
    Place,
    RateLimited,
    Refused,
    RoleEdit,
    Scope,
    StageEdit,
    Unreachable,
)

KEY = (GUILD, ALICE)
MUTE: Subject = (Effect.MUTE, None)
ROLE: Subject = (Effect.GRANT, DJ)
MOMENT = timedelta(milliseconds=1)


def shows(
    expected: Expected,
    subject: Subject,
    value: Value,
    after: timedelta = timedelta(),
    *,
    turned: bool = True,
    since_at: datetime | None = START,
) -> bool:
    """Whether a report so long after the start is an echo."""
    return expected.shows(KEY, subject, value, START + after, turned=turned, since_at=since_at)


@pytest.mark.parametrize(
    ("act", "edits"),
    [
        (
            MemberEdit(mute=True, deaf=False, place=Place(AFK)),
            [(MUTE, True), ((Effect.DEAFEN, None), False), (PLACE, Place(AFK))],
        ),
        (MemberEdit(timeout_until=START), []),
        (RoleEdit(DJ, granted=False), [(ROLE, False)]),
        (StageEdit(STAGE, suppressed=True), [((Effect.SUPPRESS, None), True)]),
        (OpenDirect(), []),
    ],
)
def test_what_a_request_changes(act: Act, edits: list[tuple[Subject, Value]]) -> None:
    """As far as reports can show it."""
    assert list(edits_of(act)) == edits


def test_echoes_and_subjects_are_the_same_thing() -> None:
    """There and back."""
    for on in (True, False):
        for subject in (MUTE, ROLE):
            assert subject_of(echo_of(subject, on=on)) == (subject, on)


def test_a_report_may_come_before_the_answer() -> None:
    """It is an echo once; the answer brings nothing more."""
    expected = Expected()
    act = MemberEdit(mute=True)
    expected.sent(KEY, act)
    assert not shows(expected, MUTE, value=False)
    assert shows(expected, MUTE, value=True)
    expected.answered(KEY, act, Applied(), START)
    assert KEY not in expected
    assert not shows(expected, MUTE, value=True)


@pytest.mark.parametrize(
    ("answer", "waits"),
    [
        (Applied(), True),
        (Unreachable(reason="x", in_doubt=True), True),
        (Unreachable(reason="x", in_doubt=False), False),
        (Refused(403, 50013, "no"), False),
        (NotConnected(), False),
        (RateLimited(1.0, Scope.USER), False),
    ],
)
def test_what_was_not_done_does_not_come_back(answer: Answer, *, waits: bool) -> None:
    """What may have been done does."""
    expected = Expected()
    act = MemberEdit(mute=True)
    expected.sent(KEY, act)
    expected.answered(KEY, act, answer, START)
    assert (KEY in expected) is waits
    assert shows(expected, MUTE, value=True) is waits


def test_reports_come_in_the_order_of_requests() -> None:
    """A later one has overtaken those before it; one that repeats an older state tells nothing."""
    expected = Expected()
    for granted in (False, True):
        act = RoleEdit(DJ, granted=granted)
        expected.sent(KEY, act)
        expected.answered(KEY, act, Applied(), START)
    assert not shows(expected, ROLE, value=True, turned=False)
    assert shows(expected, ROLE, value=False)
    assert not shows(expected, ROLE, value=True, turned=False)
    assert KEY not in expected
    expected.sent(KEY, MemberEdit(mute=False))
    expected.sent(KEY, MemberEdit(mute=True))
    assert shows(expected, MUTE, value=True)
    assert not shows(expected, MUTE, value=False)


def test_long_after_its_answer_only_the_last_is_expected() -> None:
    """Nothing has been reported since then; what it had overtaken never comes."""
    expected = Expected()
    for granted in (False, True):
        act = RoleEdit(DJ, granted=granted)
        expected.sent(KEY, act)
        expected.answered(KEY, act, Applied(), START)
    assert not shows(expected, ROLE, value=False, after=ECHO_TIME)
    assert shows(expected, ROLE, value=True, after=ECHO_TIME * 100)


@pytest.mark.parametrize(
    ("after", "ours"),
    [(timedelta(), True), (ECHO_TIME - MOMENT, True), (ECHO_TIME, False)],
)
def test_a_placement_is_expected_for_a_while(after: timedelta, *, ours: bool) -> None:
    """Who goes there later goes by themselves, or is taken there by somebody else."""
    expected = Expected()
    act = MemberEdit(place=Place(AFK))
    expected.sent(KEY, act)
    expected.answered(KEY, act, Applied(), START)
    assert not shows(expected, PLACE, Place(LOBBY), after)
    assert shows(expected, PLACE, Place(AFK), after) is ours


def test_a_snapshot_has_shown_what_was_answered() -> None:
    """Of roles only where it has the member's, nothing of what is under way, or came after it."""
    expected = Expected()
    for act in (MemberEdit(mute=True), RoleEdit(DJ, granted=True)):
        expected.sent(KEY, act)
        expected.answered(KEY, act, Applied(), START)
    assert expected.keys(GUILD) == [KEY]
    assert expected.roles(KEY) == [DJ]
    for before in (None, START):
        expected.forget(KEY, before, roles=True)
        assert expected.roles(KEY) == [DJ]
    after = START + MOMENT
    expected.forget(KEY, after, roles=False)
    assert not shows(expected, MUTE, value=True)
    expected.sent(KEY, MemberEdit(mute=False))
    expected.forget(KEY, after, roles=True)
    assert expected.roles(KEY) == []
    assert shows(expected, MUTE, value=False)


def test_what_the_audit_log_calls_ours_is_expected() -> None:
    """Once, and of nobody who is no member any more."""
    expected = Expected()
    for _ in range(2):
        expected.told(KEY, (Effect.UNMUTE, None), START)
    assert shows(expected, MUTE, value=False)
    assert KEY not in expected
    expected.told(KEY, (Effect.UNMUTE, None), START)
    expected.drop(KEY)
    assert KEY not in expected


@pytest.mark.parametrize("since_at", [START - ECHO_TIME, START, START + ECHO_TIME, None])
def test_what_no_report_shows_in_time_is_missed(since_at: datetime | None) -> None:
    """From half a minute after its answer, and after the connection stands again; told once."""
    expected = Expected()
    act = MemberEdit(mute=True, deaf=False, place=Place(AFK))
    expected.sent(KEY, act)
    assert expected.missed(KEY, START + 9 * ECHO_TIME, START) == set()
    expected.answered(KEY, act, Applied(), START)
    late = max(START, since_at or START) + ECHO_TIME
    assert expected.missed(KEY, late - MOMENT, since_at) == set()
    found = {(Effect.MUTE, None), (Effect.UNDEAFEN, None)}
    assert expected.missed(KEY, late, since_at) == (set() if since_at is None else found)
    assert expected.missed(KEY, late, since_at) == set()
    assert shows(expected, PLACE, Place(AFK)), "where somebody was nobody knows"


def test_what_is_in_doubt_is_not_missed() -> None:
    """It was maybe not done at all."""
    expected = Expected()
    act = MemberEdit(mute=True)
    expected.sent(KEY, act)
    expected.answered(KEY, act, Unreachable(reason="x", in_doubt=True), START)
    assert expected.missed(KEY, START + ECHO_TIME, START) == set()


def test_time_without_a_connection_does_not_count() -> None:
    """A move that is shown when a connection is resumed is still our own."""
    expected = Expected()
    act = MemberEdit(place=Place(AFK))
    expected.sent(KEY, act)
    expected.answered(KEY, act, Applied(), START)
    later = 10 * ECHO_TIME
    assert not shows(expected, PLACE, Place(LOBBY), later, since_at=None)
    assert shows(expected, PLACE, Place(AFK), later, since_at=None)


def test_what_is_under_way_does_not_hide_what_is_missed() -> None:
    """The report of an edit long ago was lost, and that of the next is still to come."""
    expected = Expected()
    revoke, grant = (RoleEdit(DJ, granted=granted) for granted in (False, True))
    expected.sent(KEY, revoke)
    expected.answered(KEY, revoke, Applied(), START)
    expected.sent(KEY, grant)
    assert expected.missed(KEY, START + ECHO_TIME, START) == {(Effect.REVOKE, DJ)}
    assert not shows(expected, ROLE, value=False, after=ECHO_TIME, turned=False)
    assert shows(expected, ROLE, value=True, after=ECHO_TIME)
