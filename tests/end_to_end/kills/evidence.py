"""What the log, the outbox, the tables and Discord's own records say, held against each other."""

import shutil
import sqlite3
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from tests.end_to_end.daemon import Line
from tests.end_to_end.kills.crowd import Crowd
from voxguard.model.decisions import Outcome
from voxguard.sandbox.journal import SeenRequest
from voxguard.store.outbox import FILE_NAME

NONCE_LENGTH = 25
MAX = datetime.max.replace(tzinfo=UTC)
FINAL = {outcome.value for outcome in Outcome if outcome.is_final}


def said(lines: Iterable[Line]) -> set[UUID]:
    """The decisions that a log speaks of, as made or as ended."""
    return {UUID(line["decision"]) for line in lines if "decision" in line}


def kept(state_dir: Path) -> set[UUID]:
    """The decisions in the outbox that a daemon has left behind, looked at in a copy."""
    with tempfile.TemporaryDirectory() as copies:
        for file in state_dir.glob(f"{FILE_NAME}*"):
            shutil.copy(file, copies)
        found: set[UUID] = set()
        for file in Path(copies).glob(FILE_NAME):
            connection = sqlite3.connect(file)
            found = {UUID(bytes=each) for (each,) in connection.execute("SELECT id FROM actions")}
            connection.close()
        return found


def lost(decisions: set[UUID], rows: Iterable[asyncpg.Record]) -> list[str]:
    """The decisions that are not in the table exactly once with a final outcome."""
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row["id"]].append(row["outcome"])
    wrong = {each for each, outcomes in found.items() if len(outcomes) != 1}
    wrong |= {each for each, outcomes in found.items() if not set(outcomes) <= FINAL}
    return [f"{each}: {found.get(each, 'no row')}" for each in sorted(wrong | decisions - {*found})]


def doubled(crowd: Crowd, rows: Iterable[asyncpg.Record]) -> list[str]:
    """The momentary effects that have happened more often than they were decided.

    Discord itself is the witness. Whoever is placed or timed out twice while they have not
    entered again in between was so once too often, and a decision or an episode has one message.
    """
    count: Counter[tuple[object, ...]] = Counter()
    episodes = {row["id"].hex[-NONCE_LENGTH:]: (row["episode"], row["effect"]) for row in rows}
    messages: dict[tuple[object, ...], set[str]] = defaultdict(set)
    for seen in crowd.harbour.sandbox.requests:
        if not 200 <= seen.status < 300:
            continue
        for effect, channel in _placed(seen, crowd):
            name = seen.path.rpartition("/")[2]
            entries = crowd.entries[name, channel]
            number = sum(entered <= seen.answered_monotonic for entered in entries)
            count[name, effect, number] += 1
        if seen.method == "POST" and seen.path.endswith("/messages"):
            nonce = seen.body["nonce"]
            messages[episodes.get(nonce, (f"no decision has the nonce {nonce}",))].add(
                seen.answer["id"]
            )
    for row in rows:
        if row["outcome"] == "applied" and row["effect"] in {"warn", "announce", "timeout"}:
            count[row["episode"], row["effect"]] += 1
    count.update({key: len(ids) for key, ids in messages.items() if len(key) > 1 and len(ids) > 1})
    strangers = [str(key[0]) for key in messages if len(key) == 1]
    return strangers + [f"{key}: {times} times" for key, times in count.items() if times > 1]


def silent(crowd: Crowd, rows: Iterable[asyncpg.Record]) -> list[str]:
    """The messages that are said to have arrived and that Discord knows nothing of."""
    nonces = {str(each["nonce"]) for each in crowd.harbour.sandbox.messages}
    return [
        str(row["id"])
        for row in rows
        if row["effect"] in {"warn", "announce"}
        and row["outcome"] == "applied"
        and row["id"].hex[-NONCE_LENGTH:] not in nonces
    ]


def astray(visits: Sequence[asyncpg.Record]) -> list[str]:
    """The visits of members who are gone that are open, or begin before an earlier one ended."""
    own: dict[int, list[asyncpg.Record]] = defaultdict(list)
    for visit in visits:
        own[visit["user_id"]].append(visit)
    found = [f"{each['id']} is open" for each in visits if each["left_at"] is None]
    for theirs in own.values():
        for before, after in pairwise(theirs):
            if not before["joined_at"] <= (before["left_at"] or MAX) <= after["joined_at"]:
                found.append(f"{before['id']} overlaps {after['id']}")
    return found


def _placed(seen: SeenRequest, crowd: Crowd) -> Iterator[tuple[str, str]]:
    """What an edit did that is done once, and the entry into which channel calls for it."""
    if seen.method != "PATCH" or "/members/" not in seen.path:
        return
    if "channel_id" in seen.body:
        target = seen.body["channel_id"]
        hall = str(crowd.harbour.channel_id("hall"))
        yield ("disconnect", "") if target is None else ("move", hall)
    if seen.body.get("communication_disabled_until") is not None:
        yield "timeout", str(crowd.harbour.channel_id("music"))
