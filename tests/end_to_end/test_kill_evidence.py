"""What convicts the daemon in the tests of kills does convict."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from tests.end_to_end.harbour import GUILD, Harbour
from tests.end_to_end.kills import evidence
from tests.end_to_end.kills.crowd import BLOCKED, HUMANS_OWN, Crowd
from tests.end_to_end.kills.watch import Watch
from voxguard.sandbox.journal import SeenRequest

ONE, TWO = UUID(int=1), UUID(int=2)
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def row(number: UUID, outcome: str | None, effect: str = "warn") -> Any:  # noqa: ANN401 - as a row
    """A row of the action log."""
    return {"id": number, "outcome": outcome, "effect": effect, "episode": UUID(int=9)}


def call(path: str, body: dict[str, Any], at: float, message_id: str = "") -> SeenRequest:
    """A call that Discord has carried out."""
    method = "POST" if message_id else "PATCH"
    return SeenRequest(NOW, at, at, method, path, None, body, 200, {"id": message_id})


def test_decisions_are_lost_without_exactly_one_final_row() -> None:
    """None, two, and one that says nothing final are all wrong."""
    assert evidence.lost({ONE}, [row(ONE, "applied")]) == []
    assert evidence.lost({ONE, TWO}, [row(ONE, "applied")]) == [f"{TWO}: no row"]
    assert len(evidence.lost(set(), [row(ONE, None)])) == 1
    assert len(evidence.lost(set(), [row(ONE, "applied"), row(ONE, "applied")])) == 1


async def test_effects_are_doubled_by_discords_own_records(harbour: Harbour) -> None:
    """A second disconnect within one stay, a second message of an episode, an unknown one."""
    crowd = Crowd(harbour, random.Random(1))  # noqa: S311 - nobody is to guess it
    harbour.join(BLOCKED[0])
    (entered,) = crowd.entries[BLOCKED[0], ""]
    gone = call(f"/guilds/1/members/{BLOCKED[0]}", {"channel_id": None}, entered + 1)
    harbour.sandbox.requests.append(gone)
    assert evidence.doubled(crowd, []) == []
    harbour.sandbox.requests.append(gone)
    assert len(evidence.doubled(crowd, [])) == 1
    harbour.sandbox.requests.clear()
    for number, message_id in ((ONE, "1"), (TWO, "2")):
        nonce = number.hex[-evidence.NONCE_LENGTH :]
        sent = call("/channels/1/messages", {"nonce": nonce}, 0.0, message_id)
        harbour.sandbox.requests.append(sent)
    assert len(evidence.doubled(crowd, [row(ONE, "unknown"), row(TWO, "applied")])) == 1
    assert len(evidence.doubled(crowd, [row(TWO, "applied")])) == 1
    assert evidence.silent(crowd, [row(ONE, "applied"), row(TWO, "unknown")]) == [str(ONE)]


def test_visits_that_are_open_or_overlap() -> None:
    """Of members who are gone none is open, and nobody is in two places."""
    first = {"id": ONE, "user_id": 1, "joined_at": NOW, "left_at": NOW + timedelta(seconds=5)}
    second = {**first, "id": TWO, "joined_at": NOW + timedelta(seconds=4), "left_at": None}
    visits: list[Any] = [first, second]
    assert len(evidence.astray(visits)) == 2


async def test_who_is_wrong_is_so_until_they_act(harbour: Harbour) -> None:
    """A member who should not be there is left over, for as long as nothing has changed."""
    crowd = Crowd(harbour, random.Random(1))  # noqa: S311 - nobody is to guess it
    watch = Watch(crowd)
    harbour.join(HUMANS_OWN)
    harbour.human(HUMANS_OWN, mute=True)
    harbour.sandbox.join(GUILD, BLOCKED[0], "lobby")
    watch.look()
    since = watch.standing[BLOCKED[0]].since
    assert watch.left_over(since) == {BLOCKED[0]: "is blocked and in voice"}
    assert watch.left_over(since - 1) == {}
    harbour.leave(BLOCKED[0])
    assert watch.left_over(since) == {}
