"""Random policy sets: the files of one or two guilds, with what they share."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.properties.oracle.clock import SECOND, instant_text, shown
from tests.properties.oracle.dice import DURATIONS, Cast, Dice, Scene
from tests.properties.oracle.random_rules import Rules

Doc = dict[str, Any]
Files = dict[str, Any]
NAMES = ("a", "b", "c", "d", "e", "f", "g", "h")


def policy_set(dice: Dice, scene: Scene, guilds: list[Cast], user_ids: list[int]) -> Files:
    """The files of a policy set."""
    rules = Rules(dice, user_ids)
    files: Files = {}
    shared = dice.may("shared", 0.5)
    if shared:
        files["all/rules.yaml"] = {
            "version": 1,
            **_definitions(dice, scene, user_ids),
            "rules": {f"s{n}": rules.rule() for n in range(dice.number(1, 3))},
        }
        files |= _list_files(dice, scene, user_ids, "all")
    for guild in guilds:
        folder = f"g{guild.id}"
        files[f"{folder}/guild.yaml"] = {
            "version": 1,
            "guild": _guild(dice, scene, guild, rules),
        }
        some = {name: rules.rule() for name in dice.some(NAMES, 1, 6)}
        if shared and dice.chance(0.2):
            some["s0"] = rules.rule()
        document: Doc = {"version": 1, "rules": some}
        if not shared or dice.chance(0.5):
            document |= _definitions(dice, scene, user_ids)
            files |= _list_files(dice, scene, user_ids, folder)
        files[f"{folder}/rules.yaml"] = document
    return files


def _guild(dice: Dice, scene: Scene, guild: Cast, rules: Rules) -> Doc:
    found: Doc = {
        "id": str(guild.id),
        "channels": {name: str(number) for name, number in guild.channels.items()},
        "roles": {name: str(number) for name, number in guild.roles.items()},
    }
    if dice.chance(0.8):
        found["timezone"] = dice.pick([scene.zones[0], scene.zones[0], *scene.zones])
    if dice.may("observe", 0.15):
        found["mode"] = dice.pick(["observe", "enforce"])
    if dice.may("exempt", 0.6):
        found["exempt"] = _exempt(dice, rules)
    if dice.may("humans", 0.3):
        found["humans"] = dice.pick(["yield", "reassert"])
    if dice.may("limits", 0.3):
        one = {"max": 1, "within": "1m"}
        found["limits"] = {"actions": one, "fuse": {"members": 1, "within": "1m"}}
    return found


def _exempt(dice: Dice, rules: Rules) -> Doc:
    found: Doc = {
        key: dice.chance(0.4) for key in dice.some(["bots", "admins", "afk_channel"], 0, 3)
    }
    if dice.chance(0.4):
        for _ in range(5):
            if who := rules.blocks(most=2).get("who"):
                found["who"] = who
                break
    return found or {"bots": True}


def _definitions(dice: Dice, scene: Scene, user_ids: list[int]) -> Doc:
    return {"lists": _lists(dice, scene, user_ids), "schedules": _schedules(dice, scene)}


def _lists(dice: Dice, scene: Scene, user_ids: list[int]) -> Doc:
    ids = [str(user) for user in user_ids]
    timed = [{"id": user, "until": _until(dice, scene)} for user in dice.some(ids, 1, 4)]
    return {
        "short": {"entries": dice.some(ids, 1, 2)},
        "timed": {"entries": timed + dice.some([*ids, timed[0]], 0, 1)},
        "both": {"include": dice.some(["short", "timed", "texts"], 1, 2), "entries": [ids[0]]},
        "texts": {"files": "ids.txt"},
        "table": {"files": ["ids.csv"], "include": "timed" if dice.chance(0.3) else "short"},
    }


def _list_files(dice: Dice, scene: Scene, user_ids: list[int], folder: str) -> Files:
    lines = [f"{user}  # somebody" for user in dice.some(user_ids, 1, 2)]
    rows = [f"{_until(dice, scene)},{user}" for user in dice.some(user_ids, 1, 3)]
    return {
        f"{folder}/ids.txt": "\n".join(["# ids", *lines, ""]),
        f"{folder}/ids.csv": "\n".join(["until,id", *rows, ""]),
    }


def _until(dice: Dice, scene: Scene) -> str:
    """An instant not long after the beginning: with an offset, or as some clock shows it."""
    at = scene.start + dice.number(0, 80) * 5 * SECOND
    wall = shown(at, dice.pick([scene.zone, ZoneInfo("UTC")]))
    if dice.chance(0.15):
        return (wall + timedelta(hours=2)).date().isoformat()
    return dice.pick([instant_text(at), wall.isoformat(), instant_text(at)])


def _schedules(dice: Dice, scene: Scene) -> Doc:
    found: Doc = {
        "often": {"windows": [{"start": f"*/{dice.pick([1, 2, 3])} * * * *", "for": "40s"}]},
        "once": {"windows": [_once(dice, scene)]},
        "daily": {"windows": [_daily(dice, scene)]},
        "broken": {
            "windows": [_window(dice, scene), _window(dice, scene)],
            "except": [_window(dice, scene)],
        },
        "abroad": {"timezone": scene.zones[-2], "windows": [_window(dice, scene)]},
    }
    if dice.chance(0.3):
        found["daily"]["timezone"] = dice.pick(scene.zones)
    return found


def _window(dice: Dice, scene: Scene) -> Doc:
    return dice.pick([_once, _daily, _cron_for])(dice, scene)


def _wall(dice: Dice, scene: Scene, low: int, high: int) -> datetime:
    return shown(scene.start + dice.number(low, high) * 60 * SECOND, scene.zone)


def _once(dice: Dice, scene: Scene) -> Doc:
    start = _wall(dice, scene, -2, 6) + timedelta(seconds=dice.pick([0, 0, 10, 35]))
    end = start + timedelta(seconds=dice.number(1, 60) * 5)
    return {"from": start.isoformat(), "to": end.isoformat()}


def _cron(dice: Dice, scene: Scene) -> str:
    wall = _wall(dice, scene, -3, 7)
    hours = dice.pick([str(wall.hour), "*", f"{wall.hour}-23"])
    days = dice.pick(["*", "*", str(wall.day)])
    weekdays = dice.pick(["*", "*", f"{wall:%a}".upper(), "SAT,7"])
    return f"{wall.minute} {hours} {days} * {weekdays}"


def _daily(dice: Dice, scene: Scene) -> Doc:
    return {"start": _cron(dice, scene), "end": _cron(dice, scene)}


def _cron_for(dice: Dice, scene: Scene) -> Doc:
    return {"start": _cron(dice, scene), "for": dice.pick([*DURATIONS, "1h", "1d"])}
