"""From the document of one test to a case; what does not resolve is reported."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from voxguard.model.ids import DISCORD_EPOCH, MAX_ID, ChannelId, RoleId, UserId
from voxguard.model.problems import Mark
from voxguard.policy import checks
from voxguard.policy.cases.case import (
    Action,
    Case,
    CaseMember,
    ChangeRoles,
    ChangeState,
    Demand,
    Enter,
    Expectation,
    Happening,
    Leave,
    Moderate,
)
from voxguard.policy.cases.documents import CaseDocument, MemberDocument
from voxguard.policy.cases.expectations import KINDS, ExpectationDocument
from voxguard.policy.cases.steps import StepDocument
from voxguard.policy.places import Place
from voxguard.policy.report import Report
from voxguard.policy.resolved import GuildPolicy
from voxguard.policy.schedules import FIRST_AT, LAST_AT, resolve_wall
from voxguard.policy.scope import Scope, did_you_mean
from voxguard.policy.values import shown

_USUAL: Final = datetime(2016, 1, 1, tzinfo=UTC)
"""When the accounts of members were made of whom a test does not say it: long ago."""
_FLAGS: Final = {"mute": "guild_mute", "deafen": "guild_deaf"}


def compile_case(
    name: str, document: CaseDocument, guild: GuildPolicy, place: Place, report: Report
) -> Case:
    """The test with its names resolved in its guild."""
    return _Compiler(guild, place, report).case(name, document)


class _Compiler:
    """One test on its way from document to case."""

    def __init__(self, guild: GuildPolicy, place: Place, report: Report) -> None:
        self.guild = guild
        self.place = place
        self.report = report
        self.called = str(guild.id) if guild.directory == "." else guild.directory
        self.scope = Scope(
            guild=self.called,
            report=report,
            channels=guild.channels,
            roles=guild.roles,
            lists=guild.lists,
        )
        self.rules = {rule.name for rule in guild.rules}
        self.ids: dict[UserId, str] = {}

    def case(self, name: str, document: CaseDocument) -> Case:
        """The whole test."""
        place = self.place.child("members")
        for title, member in document.members.items():
            self._take_id(title, member, place.child(title).child("id"))
        members = {
            title: self._member(number, title, member, place.child(title))
            for number, (title, member) in enumerate(document.members.items(), start=1)
        }
        at = self.place.child("start")
        start_at = self._instant(document.start, at, FIRST_AT)
        happenings: list[Happening] = []
        demands: list[Demand] = []
        marks: dict[timedelta, Mark] = {}
        before = timedelta()
        for index, step in enumerate(document.steps):
            at = self.place.child("steps").child(index)
            self._check_order(start_at, before, step.at, at.child("at"))
            before = step.at
            marks.setdefault(step.at, at.mark)
            if step.expect is not None:
                demands += self._demands(step, members, at)
            elif (action := self._action(step, at)) and self._known(step.member, members, at):
                happenings.append(Happening(step.at, at.mark, step.member or "", action))
        return Case(
            name=name,
            mark=self.place.key_mark,
            guild=self.guild,
            start_at=start_at,
            stages=self._channels(document.stages, self.place.child("stages")),
            members=members,
            happenings=tuple(happenings),
            demands=tuple(demands),
            marks=marks,
        )

    def _check_order(
        self, start_at: datetime, before: timedelta, at: timedelta, place: Place
    ) -> None:
        if at < before:
            self.report.error(
                checks.INVALID_VALUE,
                place,
                "This step is before the one above it.",
                "Steps stand in the order of time.",
            )
        elif start_at + at >= LAST_AT:
            self.report.error(
                checks.INVALID_VALUE, place, f"This step is later than {LAST_AT.year - 1}."
            )

    def _take_id(self, name: str, document: MemberDocument, place: Place) -> None:
        if document.id is None:
            return
        first = self.ids.setdefault(UserId(document.id), name)
        if first != name:
            self.report.error(
                checks.INVALID_VALUE, place, f"{shown(first)} has this id already in this test."
            )

    def _member(self, number: int, name: str, document: MemberDocument, place: Place) -> CaseMember:
        scope = self.scope
        for index, each in enumerate(document.lists):
            scope.list(each, place, "lists", index)
        channel = document.in_
        joined_at = document.joined_at
        return CaseMember(
            name=name,
            user_id=self._user_id(number, document, place),
            roles=self._roles(document.roles, place),
            lists=frozenset(document.lists),
            bot=document.bot,
            admin=document.admin,
            joined_at=None
            if joined_at is None
            else self._instant(joined_at, place.child("joined_at"), FIRST_AT),
            channel_id=None if channel is None else scope.channel(channel, place, "in"),
        )

    def _user_id(self, number: int, document: MemberDocument, place: Place) -> UserId:
        """The id that is written, else one that says when the account was made.

        Source: Discord developer documentation, "Snowflakes".
        """
        if document.id is not None:
            return UserId(document.id)
        created_at = _USUAL
        if document.account_created_at is not None:
            at = place.child("account_created_at")
            created_at = self._instant(document.account_created_at, at, DISCORD_EPOCH)
        user_id = UserId((created_at - DISCORD_EPOCH) // timedelta(milliseconds=1) << 22 | number)
        while user_id in self.ids:
            user_id = UserId(user_id + 1)
        if user_id > MAX_ID:
            self.report.error(
                checks.INVALID_VALUE,
                place.child("account_created_at"),
                "No id of Discord's can be so late.",
            )
        self.ids[user_id] = ""
        return user_id

    def _instant(self, wall: datetime, place: Place, first_at: datetime) -> datetime:
        """An instant; without an offset it is by the guild's own clock, as in lists."""
        try:
            zone = ZoneInfo(self.guild.timezone)
            at = resolve_wall(wall, zone) if wall.tzinfo is None else wall.astimezone(UTC)
        except OverflowError:
            at = datetime.max.replace(tzinfo=UTC)
        if first_at <= at < LAST_AT:
            return at
        self.report.error(
            checks.INVALID_VALUE,
            place,
            f"This instant is not between the years {first_at.year} and {LAST_AT.year}.",
        )
        return _USUAL

    def _roles(self, names: Iterable[str], place: Place) -> frozenset[RoleId]:
        found = (self.scope.role(each, place, "roles", index) for index, each in enumerate(names))
        return frozenset(role for role in found if role is not None)

    def _channels(self, names: Iterable[str], place: Place) -> frozenset[ChannelId]:
        found = (self.scope.channel(each, place, index) for index, each in enumerate(names))
        return frozenset(channel for channel in found if channel is not None)

    def _action(self, step: StepDocument, place: Place) -> Action | None:
        """What happens; None where it names a channel that there is not."""
        if step.enters is not None:
            channel_id: ChannelId | None = self.scope.channel(step.enters, place, "enters")
            return None if channel_id is None else Enter(channel_id)
        if step.state is not None:
            return ChangeState(step.state.model_dump(exclude_unset=True))
        if step.roles is not None:
            return ChangeRoles(self._roles(step.roles, place))
        if step.human is not None:
            flags = step.human.model_dump(exclude_unset=True)
            return Moderate({_FLAGS[key]: value for key, value in flags.items()})
        return Leave()

    def _demands(
        self, step: StepDocument, members: dict[str, CaseMember], place: Place
    ) -> Iterable[Demand]:
        for name, expected in (step.expect or {}).items():
            at = place.child("expect").child(name)
            if not self._known(name, members, at.at_key):
                continue
            found = [
                self._expectation(each, at.child(index)) for index, each in enumerate(expected)
            ]
            yield Demand(step.at, at.key_mark, name, tuple(each for each in found if each))

    def _expectation(self, document: ExpectationDocument, place: Place) -> Expectation | None:
        [effect] = document.effects
        kind = KINDS[effect]
        at = place.child(kind.key)
        params = kind.params(getattr(document, kind.key), self.scope, at)
        rule = document.rule
        if rule is not None and rule not in self.rules:
            self.report.note_missing("rule", rule, self.called, place.child("rule"))
            self._unknown("rule", rule, self.rules, place.child("rule"), f"guild {self.called}")
        return None if params is None else Expectation(effect, params, rule)

    def _known(self, name: str | None, members: dict[str, CaseMember], place: Place) -> bool:
        if name in members:
            return True
        self._unknown("member", name or "", members, place.child("member"), "this test")
        return False

    def _unknown(
        self, kind: str, name: str, known: Iterable[str], place: Place, where: str
    ) -> None:
        hint = None if self.report.is_full(place.file) else did_you_mean(name, known)
        message = f"There is no {kind} {shown(name)} in {where}."
        self.report.error(checks.DANGLING, place, message, hint)
