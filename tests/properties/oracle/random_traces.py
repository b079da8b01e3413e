"""Random traces: what Discord might say about the guilds of a case in some minutes."""

from typing import Any

from tests.properties.oracle.clock import SECOND, instant_text
from tests.properties.oracle.dice import Cast, Dice, Scene
from tests.properties.oracle.town import Town

Doc = dict[str, Any]
# What concerns nobody here: a guild without a scope, a name that says nothing.
NOISE: tuple[tuple[str, Doc], ...] = (
    ("VOICE_STATE_UPDATE", {"guild_id": "9000", "user_id": "501", "channel_id": "9001"}),
    ("PRESENCE_UPDATE", {"guild_id": "1000", "user": {"id": "501"}, "status": "idle"}),
    ("TICK", {}),
)
PAUSES = (0, 0, 0, 1, 5, 5, 5, 10, 10, 15, 20, 30, 45, 60)


def trace(dice: Dice, scene: Scene, guilds: list[Cast], user_ids: list[int]) -> list[Doc]:
    """The lines of a trace, one after the other."""
    at = scene.start
    towns = [Town(dice, guild, scene, user_ids) for guild in guilds]
    lines: list[Doc] = []

    def say(name: str, payload: Doc) -> None:
        lines.append({"at": instant_text(at), "t": name, "d": payload})

    for town in towns:
        for user in dice.some(user_ids, 0, 3):
            told = town.enter(user, dice.pick(town.rooms))
            if dice.chance(0.1):
                say("VOICE_STATE_UPDATE", told)
        say(*town.snapshot())
    for _ in range(dice.number(10, 45)):
        at += _pause(dice)
        if dice.chance(0.03):
            say(*dice.pick(NOISE))
        town = dice.pick(towns)
        town.now = at
        happening = town.happening()
        if happening and happening[0][0] == "GUILD_CREATE":
            # Whether one that finds somebody back where they have just left is a move, nobody says.
            at += SECOND
        for name, payload in happening:
            if name:
                say(name, payload)
            else:
                at += _pause(dice)
    at += dice.number(0, 40) * 5 * SECOND
    lines.append({"at": instant_text(at), "t": "TICK"})
    return lines


def _pause(dice: Dice) -> int:
    more = dice.pick([250_000, 500_000, 750_000]) if dice.may("fractions", 0.05) else 0
    return dice.pick(PAUSES) * SECOND + more
