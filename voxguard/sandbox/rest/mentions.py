"""Whom a message notifies: what it says, as far as it is allowed to.

Source: Discord developer documentation, "Allowed Mentions Object".
"""

import re
from dataclasses import dataclass

from voxguard.model.ids import UserId
from voxguard.sandbox.rest import errors
from voxguard.sandbox.rest.call import as_id
from voxguard.sandbox.world.world import JsonObject

MOST_IDS = 100
KINDS = ("everyone", "users", "roles")

_USER = re.compile(r"<@!?(\d{1,19})>")
_EVERYONE = re.compile(r"@(everyone|here)")


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may be mentioned: whole kinds, and single users; left out it is everything."""

    kinds: frozenset[str] = frozenset(KINDS)
    user_ids: frozenset[UserId] = frozenset()


def read_allowed(fields: JsonObject) -> Allowed:
    """What `allowed_mentions` of a request says; 50035 where it makes no sense."""
    raw = fields.get("allowed_mentions")
    if raw is None:
        return Allowed()
    if not isinstance(raw, dict):
        raise errors.invalid_form("allowed_mentions", "Only dictionaries may be used.")
    parse, users = raw.get("parse") or [], raw.get("users") or []
    if not isinstance(parse, list) or not all(kind in KINDS for kind in parse):
        raise errors.invalid_form("allowed_mentions", f"'parse' lists some of {KINDS}.")
    if not isinstance(users, list) or len(users) > MOST_IDS:
        raise errors.invalid_form("allowed_mentions", f"'users' lists at most {MOST_IDS} ids.")
    if users and "users" in parse:
        raise errors.invalid_form("allowed_mentions", "parse:[users] and users: are exclusive.")
    ids = frozenset(UserId(as_id(user, "users")) for user in users)
    return Allowed(frozenset(parse), ids)


def mentioned_users(content: str, allowed: Allowed) -> list[UserId]:
    """The users who are notified, in order, each once."""
    found = dict.fromkeys(UserId(int(number)) for number in _USER.findall(content))
    every = "users" in allowed.kinds
    return [user_id for user_id in found if every or user_id in allowed.user_ids]


def mentions_everyone(content: str, allowed: Allowed) -> bool:
    """Whether everybody is notified, if the sender may do that."""
    return "everyone" in allowed.kinds and _EVERYONE.search(content) is not None
