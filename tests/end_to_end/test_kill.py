import asyncio
import os
import random
import secrets
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Start
from tests.end_to_end.daemon import eventually
from tests.end_to_end.harbour import BLOCK, GUILD, Harbour, Tables, write_policies
from voxguard.sandbox.world.world import RefusedError

CHANNELS = ("lobby", "music", "hall")
BLOCKED_IDS = [str(90000000000000000 + number) for number in range(10)]
SILENCED_IDS = [str(91000000000000000 + number) for number in range(6)]
GUEST_IDS = [str(92000000000000000 + number) for number in range(6)]
ENTRIES_OF_BLOCKED = 2
"""In all: from the fourth disconnect within a minute on, the daemon waits longer and longer."""
LONGEST_LIFE_SECONDS = 5.0

LISTS = f"""\
version: 1
lists:
  blocked: {{entries: {BLOCKED_IDS}}}
  silenced: {{entries: {SILENCED_IDS}}}
"""
SILENCE = """\
version: 1
rules:
  silence: {who: {lists: [silenced]}, then: {mute: true}}
  short-stay: {where: hall, for: 1s, then: {move: music}}
"""


@pytest.fixture
def seed() -> int:
    """What decides who does what when; set VOXGUARD_TEST_SEED to see a failure again."""
    return int(os.environ.get("VOXGUARD_TEST_SEED", secrets.randbelow(2**32)))


class Crowd:
    """Members who come, go and change channel, all the time."""

    def __init__(self, harbour: Harbour, choice: random.Random) -> None:
        self.harbour = harbour
        self._choice = choice
        self._entries = dict.fromkeys(BLOCKED_IDS, ENTRIES_OF_BLOCKED)
        for name in (*BLOCKED_IDS, *SILENCED_IDS, *GUEST_IDS):
            harbour.sandbox.add_member(GUILD, name, user_id=int(name))

    async def live(self) -> None:
        """Do something every few milliseconds, until cancelled."""
        while True:
            self.act()
            await asyncio.sleep(self._choice.uniform(0.001, 0.02))

    def act(self) -> None:
        """One of them does something."""
        name = self._choice.choice((*BLOCKED_IDS, *SILENCED_IDS, *GUEST_IDS))
        place = self.harbour.place(name)
        with suppress(RefusedError):
            if name in self._entries:
                if place is None and self._entries[name] and self._choice.random() < 0.1:
                    self._entries[name] -= 1
                    self.harbour.join(name, self._choice.choice(CHANNELS))
            elif place is None or self._choice.random() < 0.4:
                self.harbour.join(name, self._choice.choice(CHANNELS))
            elif self._choice.random() < 0.5:
                self.harbour.sandbox.set_flags(GUILD, name, self_mute=self._choice.random() < 0.5)
            else:
                self.harbour.leave(name)

    def present(self, names: list[str]) -> list[str]:
        """Those who are in voice."""
        return [name for name in names if self.harbour.place(name) is not None]

    def muted(self, names: list[str]) -> list[str]:
        """Those who are muted, whether they are there or not."""
        return [name for name in names if self.harbour.member(name).guild_mute]


async def test_nothing_is_lost_by_kills_at_any_instant(
    start: Start,
    harbour: Harbour,
    policies: Path,
    tables: Tables,
    kill_rounds: int,
    seed: int,
) -> None:
    """However often it is killed, once it is back all is as the policies want it, and recorded.

    No blocked member is in voice, who is to be silent is muted and nobody else, no visit is
    open that is over, and each decision has one outcome.
    """
    print(f"seed {seed}")
    choice = random.Random(seed)  # noqa: S311 - to be repeated, not to be guessed
    crowd = Crowd(harbour, choice)
    files = {"block.yaml": BLOCK, "lists.yaml": LISTS, "silence.yaml": SILENCE}
    write_policies(policies, files)
    human = GUEST_IDS[0]
    harbour.join(human, "lobby")
    harbour.human(human, mute=True)
    # So that kills meet requests that are under way.
    harbour.sandbox.set_delay(0.05)
    living = asyncio.create_task(crowd.live())
    try:
        for _ in range(kill_rounds):
            daemon = await start()
            # What is waited for is not known: that is the point.
            await asyncio.sleep(choice.uniform(1.0, LONGEST_LIFE_SECONDS))
            await daemon.kill()
        daemon = await start()
        await asyncio.sleep(0)
    finally:
        living.cancel()
        await asyncio.gather(living, return_exceptions=True)
    await daemon.ready()

    async def as_wanted() -> bool:
        here = crowd.present(SILENCED_IDS)
        return (
            not crowd.present(BLOCKED_IDS)
            and not {name for name in GUEST_IDS + SILENCED_IDS if harbour.place(name) == "hall"}
            and crowd.muted(here) == here
            and crowd.muted(GUEST_IDS) == [human]
        )

    await eventually(as_wanted, "that everybody is as the policies want them")

    # A meaning that silences nobody: everybody is to be heard again, at the latest at a join.
    write_policies(policies, {"silence.yaml": "version: 1\n"})
    for name in SILENCED_IDS:
        if harbour.place(name) is None:
            harbour.join(name)

    async def heard() -> bool:
        return not crowd.muted(SILENCED_IDS)

    await eventually(heard, "that nobody is muted for good")
    assert crowd.muted(GUEST_IDS) == [human]
    assert await daemon.stop() == 0
    await check_visits(crowd, tables)
    await check_actions(tables)


async def check_visits(crowd: Crowd, tables: Tables) -> None:
    """The open visits are those that go on, and nobody was in two places."""
    visits = await tables.visits()
    assert len({visit["id"] for visit in visits}) == len(visits) > 20
    names = crowd.present(BLOCKED_IDS + SILENCED_IDS + GUEST_IDS)
    places = {int(name): crowd.harbour.channel_id(str(crowd.harbour.place(name))) for name in names}
    still_open = [visit for visit in visits if visit["left_at"] is None]
    assert {visit["user_id"]: visit["channel_id"] for visit in still_open} == places
    assert len(still_open) == len(places)
    for user_id in {visit["user_id"] for visit in visits}:
        own = [visit for visit in visits if visit["user_id"] == user_id]
        for before, after in pairwise(own):
            assert before["joined_at"] <= before["left_at"] <= after["joined_at"]


async def check_actions(tables: Tables) -> None:
    """Each decision is there once, with how it ended."""
    actions = await tables.actions()
    outcomes = {row["outcome"] for row in actions}
    print(f"{len(actions)} decisions; outcomes: {sorted(map(str, outcomes))}")
    assert len({row["id"] for row in actions}) == len(actions) > 10
    assert outcomes <= {"applied", "superseded", "unknown"}
    once: dict[tuple[object, ...], int] = {}
    for row in actions:
        if row["effect"] in {"disconnect", "move"} and row["outcome"] == "applied":
            once[row["episode"], row["effect"]] = once.get((row["episode"], row["effect"]), 0) + 1
    assert set(once.values()) <= {1}
