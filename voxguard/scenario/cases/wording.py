"""How policy tests call things: offsets, effects, rules and facts, with names for ids."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from voxguard.model.decisions import Decision, Mode
from voxguard.model.instants import instant_text
from voxguard.policy.cases.case import Case, Expectation

_UNITS: Final = ((86_400, "d"), (3_600, "h"), (60, "m"), (1, "s"))


def offset_text(at: timedelta) -> str:
    """A length of time as the language writes it."""
    left, parts = int(at.total_seconds()), []
    for seconds, unit in _UNITS:
        count, left = divmod(left, seconds)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


class Wording:
    """The names of one test: its members, and the channels and roles of its guild."""

    def __init__(self, case: Case) -> None:
        self._start_at = case.start_at
        guild = case.guild
        self._channels = {str(number): name for name, number in sorted(guild.channels.items())}
        self._roles = {str(number): name for name, number in sorted(guild.roles.items())}
        self._roles.setdefault(str(guild.id), "everyone")
        self._members = {str(user_id): each.name for user_id, each in case.by_id.items()}

    def when(self, at: datetime) -> str:
        """An instant as the steps of the test count."""
        return f"{offset_text(at - self._start_at)} ({instant_text(at)})"

    def expectation(self, each: Expectation) -> str:
        """`move to afk by lobby-time-limit`."""
        return self._effect(each.effect, each.params) + (f" by {each.rule}" if each.rule else "")

    def decision(self, each: Decision) -> str:
        """The same of what was decided."""
        observed = " (observed)" if each.mode is Mode.OBSERVE else ""
        return f"{self._effect(each.effect, each.params)} by {each.rule}{observed}"

    def _effect(self, effect: str, params: Mapping[str, object]) -> str:
        words: list[str] = [str(effect)]
        for key, value in params.items():
            text = str(value)
            match key:
                case "channel":
                    words += ["in" if "text" in params else "to", self._channels.get(text, text)]
                case "role":
                    words.append(self._roles.get(text, text))
                case "seconds":
                    words.append(offset_text(timedelta(seconds=int(text))))
                case _:
                    words.append(repr(text))
        return " ".join(words)

    def fact(self, path: str, value: object) -> str:
        """A fact, or what a condition wants of it, at the path of the condition."""
        match value:
            case dict():
                parts = (f"{key} {self.fact(path, each)}" for key, each in value.items())
                return ", ".join(parts)
            case list():
                return " ".join(self.fact(path, each) for each in value) or "nothing"
            case None:
                return "none"
            case bool():
                return "true" if value else "false"
            case _:
                return self._named(path, str(value))

    def _named(self, path: str, text: str) -> str:
        by_path = {
            "who/roles": self._roles,
            "who/members": self._members,
            "where/channels": self._channels,
        }
        return by_path.get(path, {}).get(text, text)
