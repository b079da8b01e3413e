"""What happens in a simulation, settled by its seed before anything runs."""

from dataclasses import dataclass, replace
from random import Random

from tests.simulation.people import EXEMPT, MEMBERS, ROOMS
from tests.simulation.rulebook import random_policies

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happens so many seconds after its chapter has begun.

    Where it makes no sense by then nothing happens, so that any of them can be left out.
    """

    at: float
    kind: str
    guild: int = 0
    who: str = ""
    what: str = ""
    number: float = 0.0

    def __str__(self) -> str:
        parts = [f"{self.at:9.3f}  g{self.guild + 1} {self.kind}", self.who, self.what]
        number = f"{self.number:g}" if self.number else ""
        return " ".join(part for part in (*parts, number) if part)


@dataclass(frozen=True, slots=True)
class Plot:
    """A whole case: revisions of the policies, and chapters that each end in quiet."""

    seed: int
    policies: Words
    chapters: tuple[tuple[Happening, ...], ...]
    calm: bool = False

    def without(self, chapter: int, number: int) -> "Plot":
        """The same with one happening left out."""
        chapters = list(self.chapters)
        left = list(chapters[chapter])
        del left[number]
        chapters[chapter] = tuple(left)
        return replace(self, chapters=tuple(chapters))

    def __str__(self) -> str:
        lines = [f"seed {self.seed}"]
        for number, policies in enumerate(self.policies):
            lines.append(f"--- policies {number}\n{policies}")
        for number, chapter in enumerate(self.chapters):
            lines.append(f"--- chapter {number}")
            lines += map(str, chapter)
        return "\n".join(lines)


PEOPLE: dict[str, int] = {
    "join": 30,
    "move": 14,
    "leave": 12,
    "flag": 16,
    "hop": 4,
    "mute": 9,
    "unmute": 7,
    "deafen": 2,
    "undeafen": 3,
    "give role": 3,
    "take role": 3,
    "invite": 2,
    "quieten": 1,
    "kick": 2,
    "drag": 3,
    "remove": 2,
    "return": 3,
    "repeat": 2,
    "speak": 1,
}
TROUBLE: dict[str, int] = {
    "crash": 4,
    "crash at write": 8,
    "stop": 2,
    "forbid": 3,
    "allow": 3,
    "rest": 14,
    "disk full": 2,
    "cut": 4,
    "reidentify": 3,
    "lag": 3,
    "lose": 2,
    "double": 3,
    "outage": 2,
    "policies": 5,
    "narrow": 2,
    "delete role": 1,
    "delete channel": 1,
}
REST_FAULTS = (
    *("error", "lost", "answer lost", "error after", "refused connection", "slow"),
    *("429 user", "429 shared", "429 global", "403"),
)

PLACES = (*ROOMS, *ROOMS[:3])
WHAT: dict[str, Words] = {
    **dict.fromkeys(("join", "move", "drag", "hop"), PLACES),
    "flag": ("self_mute", "self_mute", "self_deaf", "camera", "streaming"),
    "give role": ("guest", "dj", "staff"),
    "take role": ("guest", "dj", "staff"),
    "delete role": ("guest", "dj"),
    "delete channel": ("vip", "music"),
    "remove": ("before", "after", "never"),
    "forbid": ("mute", "mute", "deafen", "move", "roles", "timeout"),
    "allow": ("mute", "mute", "deafen", "move", "roles", "timeout"),
    "rest": REST_FAULTS,
    "crash at write": ("before", "after"),
}
"""What a happening is about: a room, a flag, a role, a permission, a fault."""

COUNTS = {"crash at write": (1, 12), "lose": (1, 3), "double": (1, 3), "narrow": (2, 6)}
AWHILE = (2.0, 5.0, 20.0, 90.0, 400.0)
LENGTHS: dict[str, tuple[float, ...]] = {
    **dict.fromkeys(("crash", "stop", "disk full", "cut", "outage", "lag"), AWHILE),
    "rest": (10.0, 30.0, 60.0),
}
"""How many seconds trouble lasts, more or less."""

ABOUT_MEMBERS = {"give role", "take role", "remove"}
"""What would make somebody exempt who is not, or the other way round."""


def random_plot(seed: int) -> Plot:
    """The case of a seed."""
    dice = Random(seed)  # noqa: S311 - a case, no secret
    policies = tuple(random_policies(dice) for _ in range(dice.randint(1, 3)))
    chapters = tuple(_chapter(dice, len(policies)) for _ in range(dice.randint(1, 2)))
    return Plot(seed, policies, chapters)


def _chapter(dice: Random, revisions: int) -> tuple[Happening, ...]:
    at, found = 0.0, []
    troubled = dice.choice((0.0, 0.1, 0.2, 0.3))
    for _ in range(dice.randint(25, 70)):
        at += _pause(dice)
        table = TROUBLE if dice.random() < troubled else PEOPLE
        kind = dice.choices(list(table), weights=list(table.values()))[0]
        found.append(_happening(dice, round(at, 3), kind, revisions))
    return tuple(found)


def _pause(dice: Random) -> float:
    throw = dice.random()
    if throw < 0.4:
        return dice.uniform(0.0, 0.3)
    if throw < 0.93:
        return dice.uniform(0.3, 8.0)
    return dice.uniform(8.0, 120.0)


def _happening(dice: Random, at: float, kind: str, revisions: int) -> Happening:
    guild = 0 if dice.random() < 0.7 else 1
    if kind in ABOUT_MEMBERS or dice.random() < 0.88:
        who = dice.choice(MEMBERS)
    else:
        who = dice.choice(EXEMPT)
    what = dice.choice(WHAT[kind]) if kind in WHAT else ""
    number = 0.0
    if kind == "policies":
        number = dice.randrange(revisions)
    elif kind in COUNTS:
        number = dice.randint(*COUNTS[kind])
    elif kind in LENGTHS:
        number = round(dice.choice(LENGTHS[kind]) * dice.uniform(0.5, 1.5), 1)
    return Happening(at, kind, guild, who, what, number)
