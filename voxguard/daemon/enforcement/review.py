"""Which of a member's wants need a request now, given what is the case."""

from dataclasses import dataclass

from voxguard.daemon.enforcement.desk import GONE, Desk, Values
from voxguard.daemon.enforcement.kinds import Field, Kind
from voxguard.daemon.enforcement.settling import Settling
from voxguard.daemon.enforcement.wants import Want, is_momentary
from voxguard.model.decisions import Outcome
from voxguard.ports.discord import Place, RoleEdit, StageEdit
from voxguard.ports.enforcement import Knowledge


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Weighs wants against what Discord has reported and answered."""

    knowledge: Knowledge
    settling: Settling

    def review(self, desk: Desk, now: float) -> list[Want]:
        """Settle what needs no request and give the wants that do, though not all of them yet.

        While an edit is under way only messages are looked at.
        """
        reported = self.knowledge.voices.voice_state(*desk.key)
        values = desk.values(reported, now, self.knowledge.expects)
        needed = []
        for want in desk.open_wants:
            if self._is_settled(want, values, now):
                del desk.wants[want.slot]
            elif not self._must_wait(want, values):
                needed.append(want)
        return needed

    def _must_wait(self, want: Want, values: Values) -> bool:
        """Whether only a report can bring the want further.

        Discord changes no mute of somebody who is not connected: it is pending until they join.
        """
        if want.field in (Field.MUTE, Field.DEAF) and values[Field.PLACE] == GONE:
            self.settling.passing(want, Outcome.PENDING)
            return True
        return want.unseen

    def _is_settled(self, want: Want, values: Values, now: float) -> bool:
        if now >= want.until:
            # What might have been done by then may not be taken for not done.
            settle = self.settling.unknown if want.in_doubt else self.settling.superseded
            settle(want.decision)
        elif want.unseen:
            return False
        elif self._is_so(want, values, now):
            self.settling.needless(want)
        elif self._is_void(want, values):
            self.settling.superseded(want.decision)
        else:
            return False
        return True

    def _is_so(self, want: Want, values: Values, now: float) -> bool:
        """Whether it is as wanted already, whoever brought that about."""
        match want.value:
            case Place():
                counts = want.in_doubt or want.kind is Kind.MOVE
                return counts and values[Field.PLACE] == want.value
            case bool() | StageEdit():
                return values.get(want.field) == want.value and now >= want.unclear_until
            case RoleEdit(role_id=role_id, granted=granted) if want.restored:
                # Later on our own change may not have been reported: there is an intent for it.
                roles = self.knowledge.voices.roles(*want.key)
                return roles is not None and granted == (role_id in roles)
            case _:
                return False

    def _is_void(self, want: Want, values: Values) -> bool:
        """Whether nothing is left that it could be done to."""
        place = values[Field.PLACE]
        match want.value:
            case Place():
                return place == GONE or not self.knowledge.still_wanted(want.decision)
            case StageEdit(channel_id=channel_id):
                return place != Place(channel_id)
            case bool():
                return place == GONE and is_momentary(want.decision)
            case _:
                return False
