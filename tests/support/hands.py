"""What moderators do to what rules hold: each thing that can be held, and how reports show it."""

from collections.abc import Iterable
from dataclasses import dataclass

import pytest

from tests.support.stage import ALICE, DJ, GUILD, STAGE, Stage
from voxguard.model.decisions import RELEASES, Effect
from voxguard.model.events import Echo, MemberChanged, VoiceStateChanged
from voxguard.model.ids import RoleId, UserId
from voxguard.model.world import Member, VoiceState

MODERATOR = UserId(77)


@dataclass(frozen=True)
class Slot:
    """One thing that can be held, and how reports show it."""

    effect: Effect
    then: str
    flag: str | None = None

    @property
    def role(self) -> RoleId | None:
        """The role, if it is one."""
        return DJ if self.flag is None else None

    @property
    def on(self) -> Echo:
        """Our own edit that turns it on."""
        return self.effect, self.role

    @property
    def off(self) -> Echo:
        """Our own edit that turns it off."""
        return RELEASES[self.effect], self.role

    def is_on(self, stage: Stage) -> bool:
        """Whether rules see it as on."""
        member = stage.member(ALICE)
        return DJ in member.roles if self.flag is None else bool(getattr(member, self.flag))

    def report(
        self, stage: Stage, *, on: bool, echoes: Iterable[Echo] = (), by: UserId | None = None
    ) -> list[tuple[str, str]]:
        """Discord says how it is."""
        known = frozenset(echoes)
        if self.flag is None:
            member = Member(ALICE, frozenset({DJ} if on else ()))
            return stage.step(MemberChanged(GUILD, member, known, by))
        where = stage.member(ALICE).channel_id
        state = VoiceState(ALICE, where, **{self.flag: on})
        return stage.step(VoiceStateChanged(GUILD, state, echoes=known, by=by))


SLOTS = [
    Slot(Effect.MUTE, "mute: true", "guild_mute"),
    Slot(Effect.DEAFEN, "deafen: true", "guild_deaf"),
    Slot(Effect.SUPPRESS, "suppress: true", "suppressed"),
    Slot(Effect.GRANT, "grant: dj"),
]
slots = pytest.mark.parametrize("slot", SLOTS, ids=lambda slot: slot.effect.value)


def held(slot: Slot, *, humans: str = "yield", more: str = "", rules: str = "") -> Stage:
    """Alice on the stage, where a rule's effect is on and reported."""
    text = f"rules: {{r: {{where: stage, then: {{{slot.then}{more}}}}}{rules}}}"
    stage = Stage(text, guild=f"humans: {humans}", humans=True)
    assert stage.enter(ALICE, STAGE) == [("r", slot.effect.value)]
    assert slot.report(stage.at(1), on=True, echoes=[slot.on]) == []
    return stage
