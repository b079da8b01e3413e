"""What must be so of every request: allowed, on disk, alone, paced, and not done before."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from tests.simulation.disk import Disk
from tests.simulation.hands import Change, Hand, Hands, Mark
from tests.simulation.people import EXEMPT_IDS, NAMES
from tests.simulation.rest import Sent
from tests.simulation.watch import Watch
from voxguard.daemon.enforcement.kinds import Field
from voxguard.daemon.enforcement.wants import Want, is_momentary
from voxguard.model.decisions import ENDED, RELEASES, Decision, Mode, Outcome
from voxguard.model.ids import GuildId, UserId
from voxguard.ports.discord import Answer, Applied, OpenDirect, RoleEdit

MARKS = {Field.MUTE: "mute", Field.DEAF: "deafen", Field.AUDIENCE: "suppress"}
FINAL = {outcome.value for outcome in Outcome if outcome.is_final}


def mark_of(want: Want) -> str | None:
    """What is on or off by this want, if it is about such a thing."""
    if isinstance(want.value, RoleEdit):
        return f"role:{want.value.role_id}"
    return MARKS.get(want.field)


@dataclass(slots=True)
class RequestInvariants:
    """Looks at requests as they leave, are done, and are answered."""

    watch: Watch
    disk: Disk
    hands: Hands
    was_sent: dict[UUID, set[int]]
    came_to: set[UUID]
    lives: dict[UUID, int]
    exempt_since: dict[tuple[GuildId, UserId], datetime]
    _under_way: Counter[tuple[int, GuildId, UserId]] = field(default_factory=Counter)
    _happened: Counter[UUID] = field(default_factory=Counter)
    _sent_by: dict[UUID, int] = field(default_factory=dict)
    _applied: set[tuple[int, UUID]] = field(default_factory=set)

    def sent(self, sent: Sent) -> None:
        """It leaves."""
        request = sent.request
        who = f"{NAMES[sent.user_id]} of g{sent.guild_id}"
        self.watch.tell(f"> {who}: {sent.act} {sent.forced and f'({sent.forced})'}")
        sent.knew = self.hands.known(sent.guild_id, sent.user_id)
        if sent.user_id in EXEMPT_IDS:
            self._violated("exempt", sent, "nobody may act upon them")
        for want in request.wants:
            self.was_sent.setdefault(want.decision.id, set()).add(sent.life)
            self._look_at(sent, want.decision)
        if not request.is_message:
            key = sent.life, sent.guild_id, sent.user_id
            self._under_way[key] += 1
            if self._under_way[key] > 1:
                self._violated("in flight", sent, "another edit is under way")

    def done(self, sent: Sent, answer: Answer, change: Change | None, *, limited: bool) -> None:
        """Discord has taken it in."""
        del limited
        if not isinstance(answer, Applied):
            return
        for want in sent.request.wants:
            if self._has_happened(sent, want, change):
                self._happened[want.decision.id] += 1
                if self._happened[want.decision.id] > 1:
                    name = "placed twice" if want.field is Field.PLACE else "twice"
                    self._violated(name, sent, f"{want.decision.effect} happens again")
            mark = mark_of(want)
            if mark is not None and change is not None:
                self._look_at_hand(sent, want.decision, mark, change)
        self.came_to.update(want.decision.id for want in sent.request.wants)
        asked = {mark_of(want) for want in sent.request.wants}
        moved = change is not None and (change.moved or "suppress" in change.off)
        if change is not None and not moved and (change.on | change.off) - asked:
            self._violated("unasked", sent, f"{sorted(change.on | change.off)} has changed")

    def answered(self, sent: Sent, answer: Answer) -> None:
        """The process has its answer."""
        if not sent.request.is_message:
            self._under_way[sent.life, sent.guild_id, sent.user_id] -= 1
        if isinstance(answer, Applied) and not isinstance(sent.act, OpenDirect):
            self._applied.update((sent.life, want.decision.id) for want in sent.request.wants)

    def _look_at(self, sent: Sent, decision: Decision) -> None:
        if decision.mode is not Mode.ENFORCE:
            self._violated("observe", sent, f"{decision.effect} was only to be observed")
        known = self.disk.outcome(decision)
        if known == "absent":
            self._violated("write ahead", sent, f"{decision.effect} is not on disk")
        elif known in FINAL or (sent.life, decision.id) in self._applied:
            self._violated("again", sent, f"{decision.effect} is {known or 'done'} already")
        elif is_momentary(decision) and not isinstance(sent.act, OpenDirect):
            if known == Outcome.PENDING:
                self._violated("pending sent", sent, f"{decision.effect} is {known} on disk")
            elif known is not None:
                self._violated("write ahead", sent, f"{decision.effect} is {known} on disk")
            if self._sent_by.setdefault(decision.id, sent.life) != sent.life:
                self._violated("sent again", sent, f"{decision.effect} was sent before a restart")
        key = decision.guild_id, decision.user_id
        since = self.exempt_since.get(key, decision.decided_at)
        if not decision.release and since < decision.decided_at:
            self._violated("exempt", sent, f"{decision.effect}, though they are staff")

    def _has_happened(self, sent: Sent, want: Want, change: Change | None) -> bool:
        """Whether Discord has changed something for a want that may happen once."""
        if not is_momentary(want.decision):
            return False
        if want.is_message:
            return sent.wrote
        if change is None:
            return False
        match want.field:
            case Field.PLACE:
                return change.moved
            case Field.TIMEOUT:
                return change.timed_out
            case _:
                return mark_of(want) in change.off

    def _look_at_hand(self, sent: Sent, decision: Decision, mark: str, change: Change) -> None:
        """A release lifts nothing but our own."""
        key = sent.guild_id, sent.user_id, mark
        if not decision.release:
            if mark not in change.on:
                self.hands.came_upon(key, decision.decided_at, knowing=mark in sent.knew)
            return
        was_human = self.hands.before.get(key) is Hand.HUMAN
        if mark not in change.off or not was_human or key in self.hands.raced:
            return
        role = decision.params.get("role")
        begin = self.disk.latest.get((*key[:2], ENDED[decision.effect], role))
        if begin is not None and self._may_be_ours(sent, begin, key):
            return
        self._violated(self._lifted(decision, begin, key), sent, f"{mark} of a human's is lifted")

    def _may_be_ours(self, sent: Sent, begin: Decision, key: Mark) -> bool:
        """Whether the process could not know whose it is: ours may have been done.

        What was to be lifted, whoever has set it, is nobody's from when that was decided.
        """
        lifting = self.disk.liftings.get((*key[:2], RELEASES[begin.effect], None))
        told_at = self.hands.told_before.get(key)
        if lifting is not None and told_at is not None and told_at <= lifting.decided_at:
            return lifting.decided_at <= begin.decided_at
        was_sent = begin.id in self.was_sent or self.lives[begin.id] < sent.life
        return was_sent and self.hands.passes_for_ours(key, begin.decided_at)

    def _lifted(self, release: Decision, begin: Decision | None, key: Mark) -> str:
        """The name of the violation, by what was the case when it was to be set."""
        told_at = self.hands.told_before.get(key)
        if told_at is not None and told_at > release.decided_at:
            return "late release"
        if key in self.hands.late:
            return "late hold"
        was_done = begin is not None and begin.id in self.came_to
        return "human" if was_done else "needless hold"

    def _violated(self, name: str, sent: Sent, what: str) -> None:
        rules = ", ".join(sorted({want.decision.rule for want in sent.request.wants}))
        who = f"{NAMES[sent.user_id]} of g{sent.guild_id}"
        self.watch.violated(name, f"{who}: {what} (rules {rules}; {sent.act})")
