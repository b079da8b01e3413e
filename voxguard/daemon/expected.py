"""The program's own edits of members that no report has shown yet.

A report names nobody, so that an own edit is known by coming as it was asked for. It is
expected from when its request is sent: reports overtake answers.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from voxguard.model.decisions import ENDED, RELEASES, Effect
from voxguard.model.events import Echo
from voxguard.model.ids import GuildId, RoleId, UserId
from voxguard.ports.discord import Act, Answer, Applied, MemberEdit, Place, RoleEdit, StageEdit
from voxguard.ports.discord import Unreachable as NoAnswer

ECHO_TIME: Final = timedelta(seconds=30)
"""How long after the answer the report of an edit may come, while the connection stands.

Discord sends both within a second.
"""

Key = tuple[GuildId, UserId]
Subject = tuple[Effect, RoleId | None]
"""What an edit is about, by the effect that turns it on; a move stands for where somebody is."""

PLACE: Final[Subject] = (Effect.MOVE, None)
Value = bool | Place


def subject_of(echo: Echo) -> tuple[Subject, bool]:
    """What an echo is about, and whether it turns that on."""
    effect, role_id = echo
    return (ENDED.get(effect, effect), role_id), effect not in ENDED


def echo_of(subject: Subject, *, on: bool) -> Echo:
    """The same the other way round."""
    effect, role_id = subject
    return (effect if on else RELEASES[effect]), role_id


def edits_of(act: Act) -> Iterator[tuple[Subject, Value]]:
    """What a request changes that reports show."""
    match act:
        case MemberEdit(mute=mute, deaf=deaf, place=place):
            if mute is not None:
                yield (Effect.MUTE, None), mute
            if deaf is not None:
                yield (Effect.DEAFEN, None), deaf
            if place is not None:
                yield PLACE, place
        case RoleEdit(role_id=role_id, granted=granted):
            yield (Effect.GRANT, role_id), granted
        case StageEdit(suppressed=suppressed):
            yield (Effect.SUPPRESS, None), suppressed
        case _:
            pass


@dataclass(slots=True, eq=False)
class _Edit:
    """One edit; `answered_at` is None while its request is under way.

    `sure`: it was carried out, and no report has shown it.
    """

    value: Value
    answered_at: datetime | None = None
    sure: bool = False

    def is_before(self, at: datetime) -> bool:
        """Whether it was answered before an instant."""
        return self.answered_at is not None and self.answered_at < at

    def is_opposite(self, *, on: bool, done_at: datetime) -> bool:
        """Whether it was surely carried out before the opposite was done."""
        return self.sure and self.value is not on and self.is_before(done_at)

    def is_late(self, now: datetime, since_at: datetime | None) -> bool:
        """Whether its report should have come long ago; everything is shown since an instant."""
        if self.answered_at is None or since_at is None:
            return False
        return now - max(self.answered_at, since_at) >= ECHO_TIME


class Expected:
    """Own edits by member and by what they are about, in the order in which they were sent."""

    def __init__(self) -> None:
        """Begin with none."""
        self._edits: dict[Key, dict[Subject, list[_Edit]]] = {}

    def __contains__(self, key: Key) -> bool:
        """Whether anything is expected of a member."""
        return key in self._edits

    def sent(self, key: Key, act: Act) -> None:
        """A request is on its way."""
        for subject, value in edits_of(act):
            self._edits.setdefault(key, {}).setdefault(subject, []).append(_Edit(value))

    def answered(self, key: Key, act: Act, answer: Answer, now: datetime) -> None:
        """It was answered; what has surely not been done comes back as nothing."""
        may_be_done = isinstance(answer, Applied) or (
            isinstance(answer, NoAnswer) and answer.in_doubt
        )
        for subject, value in edits_of(act):
            edits = self._edits.get(key, {}).get(subject, [])
            under_way = [each for each in edits if each.answered_at is None]
            for edit in [each for each in under_way if each.value == value]:
                if may_be_done:
                    edit.answered_at = now
                    edit.sure = isinstance(answer, Applied)
                else:
                    edits.remove(edit)
            self._tidy(key, subject)

    def told(self, key: Key, echo: Echo, now: datetime) -> None:
        """The audit log has named an edit as our own before any report has shown it.

        One may have, where nobody looked: it is not sure that any will.
        """
        subject, on = subject_of(echo)
        edits = self._edits.setdefault(key, {}).setdefault(subject, [])
        if all(edit.value is not on for edit in edits):
            edits.append(_Edit(on, now))

    def roles(self, key: Key) -> list[RoleId]:
        """The roles of which something is expected."""
        return [role for _, role in self._edits.get(key, {}) if role is not None]

    def missed(self, key: Key, now: datetime, since_at: datetime | None) -> frozenset[Echo]:
        """What was surely done so long ago that no report will show it: done with.

        A placement is not looked at: where somebody is now says nothing of where they were.
        """
        found = set()
        for subject, edits in list(self._edits.get(key, {}).items()):
            late = [each for each in edits if each.sure and each.is_late(now, since_at)]
            if late and isinstance(late[-1].value, bool):
                found.add(echo_of(subject, on=late[-1].value))
                del edits[: edits.index(late[-1]) + 1]
                self._tidy(key, subject)
        return frozenset(found)

    def expects(self, key: Key, subject: Subject, now: datetime, since_at: datetime | None) -> bool:
        """Whether a report of any edit of this is still to come, and is not late."""
        edits = self._edits.get(key, {}).get(subject, ())
        return any(not edit.is_late(now, since_at) for edit in edits)

    def undone_by(self, key: Key, changes: Iterable[Echo], done_at: datetime) -> frozenset[Echo]:
        """What was surely done of the opposite, before somebody else has done this: done with.

        Every report that comes is of after that.
        """
        found = set()
        for subject, on in map(subject_of, changes):
            edits = self._edits.get(key, {}).get(subject, [])
            number = len(edits)
            while number and not edits[number - 1].is_opposite(on=on, done_at=done_at):
                number -= 1
            if number:
                found.add(echo_of(subject, on=not on))
                del edits[:number]
                self._tidy(key, subject)
        return frozenset(found)

    def shows(
        self,
        key: Key,
        subject: Subject,
        value: Value,
        now: datetime,
        *,
        turned: bool,
        since_at: datetime | None,
    ) -> bool:
        """Whether a report shows an own edit; that, and what it has overtaken, is done with.

        What has turned since the report before may be any of them, in order. Long after its
        answer an edit is still expected if it is the last: then nothing has been reported
        since. A placement is not, since people go where they are sent by themselves, too.
        Everything is shown since `since_at`; None is not at present.
        """
        edits = self._edits.get(key, {}).get(subject)
        if not edits:
            return False
        if not turned:
            if edits[0].value == value:
                del edits[0]
                self._tidy(key, subject)
            return False
        last = None if subject == PLACE else edits[-1]
        for number, edit in enumerate(edits):
            if edit.value == value and (edit is last or not edit.is_late(now, since_at)):
                del edits[: number + 1]
                self._tidy(key, subject)
                return True
        return False

    def forget(self, key: Key, since_at: datetime | None, *, roles: bool) -> None:
        """A snapshot shows what was answered before its session; of roles only where it says so.

        It may have set out before what was answered since then.
        """
        for subject, edits in list(self._edits.get(key, {}).items()):
            if since_at is not None and (roles or subject[1] is None):
                edits[:] = [each for each in edits if not each.is_before(since_at)]
                self._tidy(key, subject)

    def keys(self, guild_id: GuildId) -> list[Key]:
        """The members of a guild of whom something is expected."""
        return [key for key in self._edits if key[0] == guild_id]

    def drop(self, key: Key) -> None:
        """Expect nothing of somebody who is no member any more."""
        self._edits.pop(key, None)

    def _tidy(self, key: Key, subject: Subject) -> None:
        of_member = self._edits.get(key, {})
        if not of_member.get(subject, True):
            del of_member[subject]
        if key in self._edits and not of_member:
            del self._edits[key]
