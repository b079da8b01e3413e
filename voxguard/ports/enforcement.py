"""Enforcement as the daemon's runner sees it: decisions in, outcomes out."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from voxguard.model.decisions import Decision, Effect
from voxguard.model.events import Echo
from voxguard.model.ids import GuildId, RoleId, UserId
from voxguard.model.limits import Budget
from voxguard.model.world import VoiceState
from voxguard.ports.discord import Act, Answer
from voxguard.ports.outbox import OutcomeRecord, UnfinishedDecision

OnOutcome = Callable[[Decision, OutcomeRecord], None]
"""Takes each outcome of a decision, passing ones and at last the final one.

None says that a decision that had to wait is sent now.
"""

Afterwards = Callable[[Callable[[], None]], None]
"""Calls back when every outcome that was told so far is on disk; at once if it is already."""

StillWanted = Callable[[Decision], bool]
"""Whether the episode of a placement still goes on; asked just before it is sent."""


Expects = Callable[[GuildId, UserId, Effect], bool]
"""Whether what an edit of ours has done of this is still to be reported.

The effect is the one that turns it on; reports before that may have set out before the edit.
"""


class Voices(Protocol):
    """Discord's last word on members: where they are, and which roles they have."""

    def voice_state(self, guild_id: GuildId, user_id: UserId) -> VoiceState | None:
        """What was reported last; None or no channel for somebody who is not connected."""
        ...

    def roles(self, guild_id: GuildId, user_id: UserId) -> frozenset[RoleId] | None:
        """What was reported last; None where nothing was."""
        ...


class Texts(Protocol):
    """What messages say."""

    def text(self, decision: Decision) -> str:
        """The text of a warning or an announcement as it is sent, in at most 2,000 characters."""
        ...


class Budgets(Protocol):
    """How much the policies in force let rules do."""

    def guild_budget(self, guild_id: GuildId) -> Budget:
        """That of all rules of a guild together."""
        ...

    def rule_budget(self, guild_id: GuildId, rule: str) -> Budget | None:
        """That of one rule alone; None where it has none of its own."""
        ...


class SentWatcher(Protocol):
    """Is told of each request, and of its answer."""

    def sent(self, guild_id: GuildId, user_id: UserId, act: Act) -> None:
        """A request is sent now."""
        ...

    def answered(self, guild_id: GuildId, user_id: UserId, act: Act, answer: Answer) -> None:
        """A request has been answered, or has come to nothing; not told at a stop."""
        ...


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What enforcement asks of the rest of the daemon before it sends anything."""

    voices: Voices
    texts: Texts
    budgets: Budgets
    still_wanted: StillWanted
    expects: Expects = lambda _guild_id, _user_id, _effect: False


@dataclass(slots=True)
class EnforcementStats:
    """What the queue has done since the start, and how it stands.

    `waiting` are decisions that were not sent yet; of them `pending` wait for their member to
    join, `deferred` for a budget or a permission. `invalid` are answers of 401, 403 and 429,
    `invalid_lately` those that count against Discord's limit now, and `invalid_left` how many
    more there may be before only releases are sent. `paused` are the kinds of edit that are
    refused too often, by guild.
    """

    submitted: int = 0
    requests: int = 0
    applied: int = 0
    needless: int = 0
    superseded: int = 0
    failed: int = 0
    observed: int = 0
    fused: int = 0
    yielded: int = 0
    unknown: int = 0
    refused: int = 0
    not_connected: int = 0
    rate_limited_user: int = 0
    rate_limited_global: int = 0
    rate_limited_shared: int = 0
    unreachable: int = 0
    invalid: int = 0
    invalid_lately: int = 0
    invalid_left: int = 0
    paused: tuple[tuple[GuildId, str], ...] = ()
    in_flight: int = 0
    waiting: int = 0
    pending: int = 0
    deferred: int = 0


class Enforcement(Protocol):
    """What carries decisions out."""

    @property
    def stats(self) -> EnforcementStats:
        """Counts since the start."""
        ...

    def submit(self, decisions: Sequence[Decision]) -> None:
        """Carry decisions out that are on disk already; what can be sent is sent at once."""
        ...

    def restore(self, unfinished: Sequence[UnfinishedDecision]) -> None:
        """Take up what an earlier process did not finish, in the order in which it was decided.

        What it may or may not have done of momentary effects becomes `unknown`.
        """
        ...

    def reported(self, guild_id: GuildId, user_id: UserId) -> None:
        """A voice state of the member has arrived; `Voices` knows it already."""
        ...

    def guild_appeared(self, guild_id: GuildId) -> None:
        """A snapshot has arrived; `Voices` knows everybody's voice state in it already."""
        ...

    def guild_changed(self, guild_id: GuildId) -> None:
        """A permission, role or channel has changed: what Discord refused may work now."""
        ...

    def done_by_hand(self, guild_id: GuildId, user_id: UserId, changes: Collection[Echo]) -> None:
        """The audit log says that somebody else has done this."""
        ...

    def member_removed(self, guild_id: GuildId, user_id: UserId) -> None:
        """The user is no member any more: nothing is wanted of them."""
        ...

    async def close(self, timeout_seconds: float) -> None:
        """Begin nothing new and let requests under way finish, for so long at most."""
        ...
