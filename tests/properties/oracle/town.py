"""A guild on Discord's side: what happens in it, and the dispatches that tell of it."""

from collections.abc import Callable
from typing import Any

from tests.properties.oracle.clock import SECOND, instant_text
from tests.properties.oracle.dice import ROLES, ROOMS, Cast, Dice, Scene

Doc = dict[str, Any]


class Town:
    """One guild as it is on Discord's side, which knows nothing of rules."""

    def __init__(self, dice: Dice, cast: Cast, scene: Scene, user_ids: list[int]) -> None:
        self.dice, self.cast = dice, cast
        self.user_ids = user_ids
        self.rooms = list(ROOMS)
        self.kinds = dict(cast.kinds)
        self.parents = {name: parent for name, (_, parent) in cast.kinds.items()}
        self.roles = list(ROLES)
        self.owner = dice.pick([9, 9, user_ids[1]])
        self.bot = dice.pick([None, user_ids[2], user_ids[2]])
        self.of: dict[int, set[str]] = {
            user: set(dice.some(["staff", "dj", "guest"], 0, 2)) for user in user_ids
        }
        self.joined = {
            user: scene.start - dice.number(0, 40) * 5 * SECOND if dice.chance(0.7) else None
            for user in user_ids
        }
        self.states: dict[int, Doc] = {}
        self.removed: set[int] = set()
        self.now = scene.start

    def snapshot(self) -> tuple[str, Doc]:
        """The guild as it is, with those whom Discord lists."""
        ids = self.cast.channels
        channels = [
            {"id": str(ids[name]), "type": kind, "parent_id": self._parent(name)}
            for name, (kind, _) in self.kinds.items()
        ]
        listed = [user for user in self.user_ids if user in self.states or self.dice.chance(0.5)]
        return "GUILD_CREATE", {
            "id": str(self.cast.id),
            **self._settings(),
            "channels": channels,
            "members": [self.member(user) for user in listed],
            "voice_states": [dict(state) for state in self.states.values()],
        }

    def _settings(self) -> Doc:
        roles = {str(self.cast.roles[name]): "8" if name == "chief" else "0" for name in self.roles}
        roles[str(self.cast.id)] = "0"
        return {
            "owner_id": str(self.owner),
            "afk_channel_id": str(self.cast.channels["afk"]),
            "roles": [{"id": role, "permissions": number} for role, number in roles.items()],
        }

    def _parent(self, name: str) -> str | None:
        parent = self.parents[name]
        return None if parent not in self.kinds else str(self.cast.channels[str(parent)])

    def member(self, user: int) -> Doc:
        """A member object."""
        joined = self.joined[user]
        return {
            "user": {"id": str(user), "bot": user == self.bot},
            "roles": [str(self.cast.roles[name]) for name in sorted(self.of[user])],
            "joined_at": None if joined is None else instant_text(joined),
        }

    def happening(self) -> list[tuple[str, Doc]]:
        """Something that happens, as one dispatch or some."""
        dice = self.dice
        user = dice.pick(self.user_ids)
        kinds: list[tuple[str | None, int, Callable[[int], list[tuple[str, Doc]]]]] = [
            (None, 14, self._moves),
            (None, 5, self._leaves),
            (None, 9, self._switches),
            (None, 1, self._repeats),
            (None, 2, self._returns),
            ("human", 4, self._is_muted),
            ("members", 4, self._is_updated),
            ("removals", 1, self._is_removed),
            ("snapshots", 1, self._snapshot),
            ("role-deletes", 1, self._role_is_deleted),
            ("channel-deletes", 1, self._channel_is_deleted),
            ("channel-moves", 1, self._channel_moves),
            ("guild-deletes", 1, self._guild_goes_and_comes),
            ("owners", 1, self._owner_changes),
        ]
        usable = [kind for kind in kinds if kind[0] is None or kind[0] in dice.keys]
        return dice.pick([act for _, weight, act in usable for _ in range(weight)])(user)

    def enter(self, user: int, room: str) -> Doc:
        """Have somebody in a room, and say so."""
        state = self.states.setdefault(user, {"user_id": str(user)})
        state["channel_id"] = str(self.cast.channels[room])
        if self.cast.kinds[room][0] == 13 and self.dice.chance(0.5):
            state["suppress"] = self.dice.chance(0.7)
        return self._told(user, state)

    def _told(self, user: int, state: Doc) -> Doc:
        told = {"guild_id": str(self.cast.id), **state}
        # Of somebody who is back after a removal Discord always says who they are.
        if user in self.removed or self.dice.may("members", 0.2):
            self.removed.discard(user)
            told["member"] = self.member(user)
        return told

    def _moves(self, user: int) -> list[tuple[str, Doc]]:
        rooms = [self.dice.pick(self.rooms) for _ in range(self.dice.pick([1, 1, 1, 1, 2, 3]))]
        return [("VOICE_STATE_UPDATE", self.enter(user, room)) for room in rooms]

    def _leaves(self, user: int) -> list[tuple[str, Doc]]:
        state = self.states.pop(user, {"user_id": str(user)})
        return [("VOICE_STATE_UPDATE", self._told(user, state | {"channel_id": None}))]

    def _returns(self, user: int) -> list[tuple[str, Doc]]:
        return [*self._leaves(user), *self._moves(user)]

    def _set(self, user: int, key: str) -> list[tuple[str, Doc]]:
        if user not in self.states:
            return []
        state = self.states[user]
        state[key] = not state.get(key, False)
        return [("VOICE_STATE_UPDATE", self._told(user, state))]

    def _switches(self, user: int) -> list[tuple[str, Doc]]:
        return self._set(
            user, self.dice.pick(["self_mute", "self_mute", "self_deaf", "self_video"])
        )

    def _is_muted(self, user: int) -> list[tuple[str, Doc]]:
        return self._set(user, self.dice.pick(["mute", "mute", "deaf", "suppress"]))

    def _repeats(self, user: int) -> list[tuple[str, Doc]]:
        state = self.states.get(user, {"user_id": str(user), "channel_id": None})
        return [("VOICE_STATE_UPDATE", self._told(user, state))]

    def _is_updated(self, user: int) -> list[tuple[str, Doc]]:
        among = [name for name in self.roles if name != "chief" or self.dice.chance(0.3)]
        self.of[user] = set(self.dice.some(among, 0, 2))
        return [("GUILD_MEMBER_UPDATE", {"guild_id": str(self.cast.id), **self.member(user)})]

    def _is_removed(self, user: int) -> list[tuple[str, Doc]]:
        guild_id = str(self.cast.id)
        self.states.pop(user, None)
        self.of[user] = set()
        self.joined[user] = None
        self.removed.add(user)
        said = [("GUILD_MEMBER_REMOVE", {"guild_id": guild_id, "user": {"id": str(user)}})]
        if self.dice.chance(0.5):
            self.joined[user] = self.now
            self.removed.discard(user)
            said.append(("GUILD_MEMBER_ADD", {"guild_id": guild_id, **self.member(user)}))
        return said

    def _snapshot(self, user: int) -> list[tuple[str, Doc]]:
        if self.dice.chance(0.5):
            self.states.pop(user, None)
        elif user in self.states:
            self.enter(user, self.dice.pick(self.rooms))
        return [self.snapshot()]

    def _role_is_deleted(self, _user: int) -> list[tuple[str, Doc]]:
        gone = self.dice.pick(["guest", "dj"])
        if gone not in self.roles:
            return []
        self.roles.remove(gone)
        for held in self.of.values():
            held.discard(gone)
        role = str(self.cast.roles[gone])
        return [("GUILD_ROLE_DELETE", {"guild_id": str(self.cast.id), "role_id": role})]

    def _channel_is_deleted(self, _user: int) -> list[tuple[str, Doc]]:
        gone = self.dice.pick(["vip", "forum", "hall"])
        if gone not in self.kinds:
            return []
        if gone in self.rooms:
            self.rooms.remove(gone)
        kind, _ = self.kinds.pop(gone)
        channel = str(self.cast.channels[gone])
        for each in [u for u, state in self.states.items() if state["channel_id"] == channel]:
            del self.states[each]
        payload = {"id": channel, "type": kind}
        return [("CHANNEL_DELETE", {"guild_id": str(self.cast.id), **payload})]

    def _channel_moves(self, _user: int) -> list[tuple[str, Doc]]:
        name = self.dice.pick([room for room in ("lobby", "vip", "stage") if room in self.rooms])
        self.parents[name] = None if self.parents[name] else "hall"
        payload = {
            "guild_id": str(self.cast.id),
            "id": str(self.cast.channels[name]),
            "type": self.cast.kinds[name][0],
            "parent_id": self._parent(name),
        }
        return [("CHANNEL_UPDATE", payload)]

    def _guild_goes_and_comes(self, user: int) -> list[tuple[str, Doc]]:
        gone = ("GUILD_DELETE", {"id": str(self.cast.id), "unavailable": True})
        if self.dice.chance(0.3):
            self.states.pop(user, None)
        # The empty dispatch lets time pass in between.
        return [gone, ("", {}), self.snapshot()]

    def _owner_changes(self, user: int) -> list[tuple[str, Doc]]:
        self.owner = self.dice.pick([9, user])
        return [("GUILD_UPDATE", {"id": str(self.cast.id), **self._settings()})]
