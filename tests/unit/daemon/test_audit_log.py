"""Entries of the audit log and reports about the same thing, in either order."""

from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from tests.support.stage import ALICE, DJ, GUILD, START
from voxguard.daemon.audit_log import AuditLog
from voxguard.daemon.expected import ECHO_TIME
from voxguard.model.decisions import Effect
from voxguard.model.events import HandSeen
from voxguard.model.ids import UserId

KEY = (GUILD, ALICE)
UNMUTE = (Effect.UNMUTE, None)
REVOKE = (Effect.REVOKE, DJ)
ENTRY = HandSeen(GUILD, ALICE, UserId(77), frozenset({UNMUTE, REVOKE}))
MOMENT = timedelta(milliseconds=1)


def test_an_entry_before_its_report_says_whose_it_is() -> None:
    """Once, and not for long."""
    heard = AuditLog()
    assert heard.hears(ENTRY, START, ()) is None
    assert heard.author(KEY, UNMUTE, START + ECHO_TIME - MOMENT, START) == UserId(77)
    assert heard.author(KEY, UNMUTE, START + ECHO_TIME - MOMENT, START) is None
    assert heard.author(KEY, REVOKE, START + ECHO_TIME, START) is None


def test_an_entry_from_before_our_own_request_is_not_about_its_report() -> None:
    """A moderator may have done and undone the same thing shortly before a rule does it."""
    heard = AuditLog()
    heard.hears(ENTRY, START, ())
    heard.begins(KEY, UNMUTE)
    assert heard.author(KEY, UNMUTE, START, START) is None
    assert heard.author(KEY, REVOKE, START, START) == UserId(77)


def test_an_entry_after_its_report_is_logged_and_corrects_it() -> None:
    """What was taken for our own is told; what was taken for a hand was right."""
    heard = AuditLog()
    heard.judged(KEY, UNMUTE, START, ours=False)
    heard.judged(KEY, REVOKE, START, ours=True)
    assert heard.is_judged(KEY, UNMUTE, START)
    with capture_logs() as logs:
        told = heard.hears(ENTRY, START, ())
    assert told is not None
    assert told.changes == {REVOKE}
    assert [(line["by"], line["role"]) for line in logs if line["effect"] == "unmute"] == [
        ("77", None)
    ]
    assert not heard.is_judged(KEY, UNMUTE, START)


def test_of_long_ago_nothing_is_kept() -> None:
    """An entry is then about another report, which is still to come."""
    heard = AuditLog()
    heard.judged(KEY, UNMUTE, START, ours=True)
    assert not heard.is_judged(KEY, UNMUTE, START + ECHO_TIME)
    assert heard.hears(ENTRY, START + ECHO_TIME, ()) is None


def test_an_entry_about_what_is_shown_as_done_tells_of_a_report_that_was_lost() -> None:
    """Nobody mutes whom Discord shows as muted: they were not, in between."""
    heard = AuditLog()
    muted = (Effect.MUTE, None)
    entry = HandSeen(GUILD, ALICE, UserId(77), frozenset({muted, REVOKE}))
    told = heard.hears(entry, START, {muted})
    assert told == HandSeen(GUILD, ALICE, UserId(77), frozenset({muted}))
    assert heard.author(KEY, muted, START, START) is None
    assert heard.author(KEY, REVOKE, START, START) == UserId(77)


@pytest.mark.parametrize(
    ("seconds", "by"), [(-5.001, None), (-5, UserId(77)), (0, UserId(77)), (None, UserId(77))]
)
def test_an_entry_of_before_it_was_held_is_about_something_else(
    seconds: float | None, by: UserId | None
) -> None:
    """Entries may be as late as reports; those of a clock that differs a bit are not older."""
    heard = AuditLog()
    done_at = None if seconds is None else START + timedelta(seconds=seconds)
    heard.hears(replace(ENTRY, done_at=done_at), START, ())
    assert heard.author(KEY, UNMUTE, START, START) == by
