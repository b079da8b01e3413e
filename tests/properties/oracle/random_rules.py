"""Random rules: few conditions each, so that much happens, and small numbers."""

from typing import Any

from tests.properties.oracle.dice import AGES, DURATIONS, EFFECTS, ROLES, ROOMS, Dice

Doc = dict[str, Any]
LISTS = ("short", "timed", "both", "texts", "table")
SCHEDULES = ("often", "once", "daily", "broken", "abroad")
FLAGS = (
    *("self_mute", "self_mute", "self_deaf", "camera", "streaming"),
    *("guild_mute", "guild_mute", "guild_deaf", "suppressed"),
)
PLACES = (*ROOMS, "hall", "nowhere")
HELD = ("mute", "deafen", "suppress", "grant")


class Rules:
    """Makes rules for a guild, or for all of them."""

    def __init__(self, dice: Dice, user_ids: list[int]) -> None:
        self.dice, self.user_ids = dice, user_ids

    def rule(self) -> Doc:
        """One rule."""
        dice = self.dice
        rule: Doc = self.blocks(most=2)
        if dice.may("for", 0.35):
            rule["for"] = self._lasting()
        if dice.may("unless", 0.2) and (unless := self.blocks(most=2)):
            rule["unless"] = unless
        if dice.chance(0.6):
            rule["priority"] = dice.number(1, 4)
        if dice.may("observe", 0.2):
            rule["mode"] = dice.pick(["observe", "observe", "observe", "off", "enforce"])
        if dice.may("cooldown", 0.25):
            rule["cooldown"] = dice.pick(DURATIONS)
        if dice.may("spare", 0.15):
            rule["existing"] = "spare"
        if dice.may("limits", 0.1):
            rule["limits"] = {"actions": {"max": 1, "within": "1m"}, "fuse": "off"}
        if dice.may("escalate", 0.2):
            steps = [self._then(allow=False) for _ in range(dice.number(1, 3))]
            rule["escalate"] = {"forget_after": dice.pick(DURATIONS[2:]), "steps": steps}
        else:
            rule["then"] = self._then(allow=True)
        if dice.may("state", 0.06) and "mute" in dice.keys:
            # One that undoes its own reason.
            rule["when"] = {"state": {"guild_mute": False}}
            rule["then"] = {"mute": True}
            rule.pop("escalate", None)
        return rule

    def _lasting(self) -> object:
        time = self.dice.pick(DURATIONS)
        if self.dice.chance(0.3):
            return {"time": time, "across_channels": self.dice.chance(0.8)}
        return time

    def _then(self, *, allow: bool) -> Doc:
        dice = self.dice
        kinds = [kind for kind in dice.used(EFFECTS) if allow or kind != "allow"]
        weighted = [kind for kind in kinds for _ in range(_OFTEN.get(kind, 1))]
        then: Doc = {}
        for kind in dice.some(weighted, 1, dice.pick([1, 1, 2, 3])):
            key, value = self._effect(kind)
            then.setdefault(key, value)
        if "move" in then and "disconnect" in then:
            del then["move"]
        if any(then.get(kind) for kind in HELD) and dice.may("hold", 0.35):
            then["hold"] = dice.pick(DURATIONS)
        return then

    def _effect(self, kind: str) -> tuple[str, Any]:
        dice = self.dice
        match kind:
            case "lift":
                return dice.pick(["mute", "mute", "deafen"]), False
            case "move":
                return kind, dice.pick(["afk", "lobby", "vip", "stage", "nowhere"])
            case "grant":
                roles = _once(dice.some(["dj", "dj", "guest", "guest", "staff", "none"], 1, 2))
                return kind, roles if dice.chance(0.5) else roles[0]
            case "timeout":
                return kind, dice.pick(DURATIONS)
            case "warn":
                return kind, "Please be quiet."
            case "announce":
                return kind, {"channel": "mod-log", "text": "{member} in {channel}: {rule}"}
            case _:
                return kind, True

    def blocks(self, *, most: int) -> Doc:
        """Some of who, where and when, or none."""
        dice = self.dice
        kinds = dice.used([*_WHO, *_WHERE, *_WHEN])
        weighted = [kind for kind in kinds for _ in range(_OFTEN.get(kind, 1))]
        found: Doc = {}
        for kind in dice.some(weighted, 0, most):
            block = "who" if kind in _WHO else "where" if kind in _WHERE else "when"
            found.setdefault(block, {})[kind] = self._any_leaf(kind)
        if list(found.get("where", {})) == ["channels"] and dice.chance(0.5):
            channels = found["where"]["channels"]
            if not isinstance(channels, dict):
                found["where"] = channels
        return found

    def _any_leaf(self, kind: str) -> Any:  # noqa: ANN401 - as a document has it
        if kind in _NAMES:
            return self.names(_NAMES[kind])
        if kind.endswith("_age"):
            return self._ages()
        if kind == "time_used":
            return self._quota()
        return self._leaf(kind)

    def _leaf(self, kind: str) -> Any:  # noqa: ANN401 - as a document has it
        dice = self.dice
        match kind:
            case "members":
                return [str(user) for user in dice.some(self.user_ids, 1, 3)]
            case "bot":
                return dice.chance(0.3)
            case "kinds":
                return dice.pick(["voice", "stage", ["voice", "stage"]])
            case "occupancy":
                return dice.pick([{"max": 1}, {"min": 2}, {"min": 3}, {"min": 2, "max": 2}])
            case "state":
                return {flag: dice.chance(0.5) for flag in dice.some(FLAGS, 1, dice.pick([1, 2]))}
            case _:
                return {"min": dice.number(1, 4), "within": dice.pick(DURATIONS)}

    def _ages(self) -> Doc:
        low, high = sorted(self.dice.some(range(len(AGES)), 2, 2))
        both = {"min": AGES[low], "max": AGES[high]}
        if self.dice.chance(0.3):
            return both
        key = self.dice.pick(["min", "max"])
        return {key: both[key]}

    def _quota(self) -> Doc:
        return {
            "min": self.dice.pick(["10s", "20s", "30s", "45s"]),
            "per": self.dice.pick(["day", "day", "45s", "1m30s", "3m"]),
        }

    def names(self, among: tuple[str, ...]) -> Any:  # noqa: ANN401 - as a document has it
        """A name set in one of its forms."""
        dice = self.dice
        form = dice.number(0, 4)
        if form < 2:
            return dice.pick(among)
        if form == 2:
            return _once(dice.some(among, 1, 3))
        if form == 3:
            return {"none": _once(dice.some(among, 1, 2))}
        found: Doc = {}
        for how in dice.some(["any", "all", "none"], 1, 2):
            some = _once(dice.some(among, 1, 2))
            found[how] = some if dice.chance(0.7) else some[0]
        return found


def _once(some: list[str]) -> list[str]:
    return list(dict.fromkeys(some))


_WHO = ("lists", "roles", "members", "bot", "account_age", "membership_age")
_WHERE = ("channels", "kinds", "occupancy")
_WHEN = ("schedule", "state", "entries", "channel_entries", "time_used")
# Effects that others are about, and conditions that come and go.
_OFTEN = {"mute": 4, "deafen": 2, "grant": 2, "suppress": 2, "lift": 2, "state": 4, "roles": 2}
_NAMES = {
    "lists": LISTS,
    "roles": (*ROLES, *ROLES, "none", "everyone"),
    "channels": PLACES,
    "schedule": SCHEDULES,
}
