from datetime import timedelta
from uuid import UUID

from tests.support.stage import ALICE, BOB, GUILD, LOBBY, MUSIC, START
from voxguard.daemon.pasts import Visitors, of_acts, of_leases
from voxguard.engine.history import Act
from voxguard.engine.recalled_leases import PastLease
from voxguard.engine.usage import PastStay
from voxguard.model.decisions import Effect
from voxguard.model.ids import UserId
from voxguard.model.visits import EndReason, Visit
from voxguard.ports.recall import PastAct


def visit(
    begin: int, end: int | None, reason: EndReason = EndReason.LEFT, user: UserId = ALICE
) -> Visit:
    """A visit in the lobby, in minutes after the start."""
    left_at = None if end is None else START + timedelta(minutes=end)
    joined_at = START + timedelta(minutes=begin)
    return Visit(
        UUID(int=begin), GUILD, user, LOBBY, joined_at, left_at, None if end is None else reason
    )


def minutes(visitors: Visitors, *visits: Visit) -> list[int]:
    """When a page of visits says that alice has entered."""
    return [
        (at - START) // timedelta(minutes=1)
        for past in visitors.pasts(visits)
        for at, _ in past.entries
    ]


def test_a_visit_is_an_entry_unless_nobody_went_there() -> None:
    """Where we moved them, and where nobody saw them come, they have not entered."""
    visitors = Visitors(START, None)
    assert minutes(visitors, visit(1, 2, EndReason.MOVED), visit(2, 3)) == [1, 2]
    assert minutes(visitors, visit(4, 5, EndReason.VOXGUARD)) == [4]
    # The page before is remembered.
    assert minutes(visitors, visit(5, 6, EndReason.LOST), visit(7, 8)) == []
    assert minutes(visitors, visit(9, 10, EndReason.VOXGUARD), visit(11, None)) == [9, 11]


def test_only_what_is_asked_for_is_made_of_visits() -> None:
    """Stays that are over, and entries, each from their own instant on."""
    later = START + timedelta(minutes=5)
    visits = [visit(1, 4), visit(6, 9, user=BOB), visit(10, None)]
    stay = PastStay(LOBBY, START + timedelta(minutes=6), START + timedelta(minutes=9))
    assert [(past.user_id, past.stays) for past in Visitors(None, later).pasts(visits)] == [
        (BOB, (stay,))
    ]
    assert [past.user_id for past in Visitors(later, None).pasts(visits)] == [BOB, ALICE]
    assert Visitors(None, None).pasts(visits) == []


def test_pages_are_sorted_by_member() -> None:
    """A member's acts and leases come to the engine together."""
    one, two = Act(START, START), Act(START + timedelta(hours=1), START + timedelta(hours=1))
    acts = [PastAct(ALICE, "a", one), PastAct(BOB, "a", one), PastAct(ALICE, "a", two)]
    assert [(past.user_id, dict(past.acts)) for past in of_acts(acts)] == [
        (ALICE, {"a": (one, two)}),
        (BOB, {"a": (one,)}),
    ]
    mute = PastLease("r", Effect.MUTE, UUID(int=1), START, MUSIC)
    assert [(past.user_id, past.leases) for past in of_leases([(ALICE, mute), (ALICE, mute)])] == [
        (ALICE, (mute, mute))
    ]
