"""A guild in Discord's words, in which decisions are carried out a moment later."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from tests.support.stage import GUILD, START
from voxguard.engine.compile import compile_policies
from voxguard.engine.engine import Engine
from voxguard.model.decisions import Decision, Effect, Mode
from voxguard.model.dispatch import parse_dispatch
from voxguard.policy.resolved import PolicySet

USERS: Final = {"alice": 501, "bob": 502, "carol": 503}
CHANNELS: Final = {"lobby": "1", "afk": "2", "music": "3", "stage": "4"}
STAGES: Final = {"4"}
ROLES: Final = {"staff": "11", "dj": "12", "admin": "13"}
FLAGS: Final = {"self_mute": "self_mute", "self_deaf": "self_deaf"}
HANDS: Final = {"mute": "mute", "deafen": "deaf"}

MOMENT: Final = timedelta(milliseconds=1)
"""How long it takes until Discord reports what has been done."""

_DONE: Final = {
    Effect.MUTE: ("mute", True),
    Effect.UNMUTE: ("mute", False),
    Effect.DEAFEN: ("deaf", True),
    Effect.UNDEAFEN: ("deaf", False),
    Effect.SUPPRESS: ("suppress", True),
    Effect.UNSUPPRESS: ("suppress", False),
}

Step = dict[str, Any]
Dispatch = tuple[str, dict[str, Any]]


class RecordedGuild:
    """What happens in it, as the lines of a trace."""

    def __init__(self, policy_set: PolicySet) -> None:
        self.lines: list[str] = []
        self._engine = Engine(compile_policies(policy_set))
        self._voice: dict[int, dict[str, Any]] = {
            user: {"channel_id": "1" if name == "alice" else None, "suppress": False}
            for name, user in USERS.items()
        }
        self._roles: dict[int, set[str]] = {user: set() for user in USERS.values()}

    def _appearance(self) -> Dispatch:
        alice = USERS["alice"]
        return "GUILD_CREATE", {
            "id": str(GUILD),
            "roles": [{"id": each, "permissions": "0"} for each in ROLES.values()],
            "channels": [{"id": each, "type": 13} for each in STAGES],
            "members": [{"user": {"id": str(each)}, "roles": []} for each in USERS.values()],
            "voice_states": [{"user_id": str(alice), **self._voice[alice]}],
        }

    def live(self, steps: Iterable[Step], end: int) -> list[Step]:
        """Play steps in the order of time up to an end; those that Discord would let happen."""
        by_instant: dict[int, list[Step]] = {0: []}
        for step in steps:
            by_instant.setdefault(step["at"], []).append(step)
        happened = []
        for seconds, some in by_instant.items():
            at = START + timedelta(seconds=seconds)
            self._go_on(at)
            dispatches = [] if seconds else [self._appearance()]
            for step in some:
                if (dispatch := self._take(step)) is not None:
                    happened.append(step)
                    dispatches.append(dispatch)
            self._instant(at, dispatches)
        self._go_on(START + timedelta(seconds=end))
        self._write(START + timedelta(seconds=end), "TICK", {})
        return happened

    def _go_on(self, until: datetime) -> None:
        while (wake_at := self._engine.wake_at) is not None and wake_at < until:
            self._instant(wake_at, [])

    def _instant(self, at: datetime, dispatches: list[Dispatch]) -> None:
        """All that happens at one instant; what comes of it is reported a moment later."""
        events = []
        for name, payload in dispatches:
            self._write(at, name, payload)
            event = parse_dispatch(name, payload)
            assert event is not None
            events.append(event)
        answers = [
            answer
            for decision in self._engine.step(events, at).decisions
            if decision.mode is Mode.ENFORCE and (answer := self._answer(decision)) is not None
        ]
        if answers:
            self._instant(at + MOMENT, answers)

    def _write(self, at: datetime, name: str, payload: dict[str, Any]) -> None:
        self.lines.append(json.dumps({"at": at.isoformat(), "t": name, "d": payload}))

    def _take(self, step: Step) -> Dispatch | None:
        user = USERS[step["member"]]
        voice = self._voice[user]
        if "roles" in step:
            self._roles[user] = {ROLES[role] for role in step["roles"]}
            return self._member(user)
        if "human" in step and voice["channel_id"] is None:
            return None
        if "enters" in step or "leaves" in step:
            channel = CHANNELS[step["enters"]] if "enters" in step else None
            if channel != voice["channel_id"]:
                # Whoever enters a stage listens until they are invited to speak.
                voice |= {"channel_id": channel, "suppress": channel in STAGES}
        voice |= {FLAGS[key]: value for key, value in step.get("state", {}).items()}
        voice |= {HANDS[key]: value for key, value in step.get("human", {}).items()}
        return self._report(user)

    def _answer(self, decision: Decision) -> Dispatch | None:
        user = int(decision.user_id)
        if decision.effect in _DONE:
            flag, value = _DONE[decision.effect]
            self._voice[user][flag] = value
            return self._report(user)
        role = {str(decision.params.get("role"))}
        match decision.effect:
            case Effect.GRANT:
                self._roles[user] |= role
            case Effect.REVOKE:
                self._roles[user] -= role
            case _:
                return None
        return self._member(user)

    def _report(self, user: int) -> Dispatch:
        payload = {"guild_id": str(GUILD), "user_id": str(user), **self._voice[user]}
        return "VOICE_STATE_UPDATE", payload

    def _member(self, user: int) -> Dispatch:
        roles = sorted(self._roles[user])
        payload = {"guild_id": str(GUILD), "user": {"id": str(user)}, "roles": roles}
        return "GUILD_MEMBER_UPDATE", payload
