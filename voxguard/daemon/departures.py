"""Whom Discord has put elsewhere for us, until a report shows it."""

from uuid import UUID

from voxguard.engine.engine import Engine
from voxguard.engine.reported import last_voice_state
from voxguard.model.decisions import Decision, Effect
from voxguard.model.events import VoiceStateChanged
from voxguard.model.ids import ChannelId, GuildId, UserId
from voxguard.model.visits import Visit
from voxguard.model.world import GuildSnapshot

Key = tuple[GuildId, UserId]


class Departures:
    """Knows placements that were answered but not reported.

    A report can be lost with a gateway session. When the next snapshot then shows the
    member where they were, they have come back, and must not pass for somebody who has
    stayed and whom the rule is done with.
    """

    def __init__(self, engine: Engine) -> None:
        """Compare with this engine, which is only read."""
        self._engine = engine
        self._gone: dict[Key, tuple[UUID, ChannelId | None]] = {}

    def confirmed(self, decision: Decision) -> None:
        """Discord has carried a placement out; most often that was reported already."""
        member = self._engine.member(decision.guild_id, decision.user_id)
        visit = None if member is None else member.visit
        target_id = None
        if decision.effect is Effect.MOVE:
            target_id = ChannelId(int(str(decision.params["channel"])))
        if (
            member is not None
            and visit is not None
            and member.in_visit(decision.decided_at)
            and visit.channel_id == decision.channel_id != target_id
        ):
            self._gone[decision.guild_id, decision.user_id] = (visit.id, target_id)

    def reported(self, event: VoiceStateChanged) -> None:
        """A report has come; one from elsewhere is what was waited for."""
        key = (event.guild_id, event.state.user_id)
        if key in self._gone:
            visit = self._visit(*key)
            if visit is None or event.state.channel_id != visit.channel_id:
                del self._gone[key]

    def lost(self, snapshot: GuildSnapshot) -> list[VoiceStateChanged]:
        """The reports that were lost of those whom a snapshot shows where they were."""
        present = {state.user_id: state.channel_id for state in snapshot.voice_states}
        found = []
        for key in [key for key in self._gone if key[0] == snapshot.id]:
            visit_id, target_id = self._gone.pop(key)
            member = self._engine.member(*key)
            if member is None or member.visit is None or member.visit.id != visit_id:
                continue
            if present.get(key[1]) == member.visit.channel_id:
                # All else of the member is as it was reported last.
                state = last_voice_state(member, target_id)
                found.append(VoiceStateChanged(key[0], state, is_ours=True))
        return found

    def _visit(self, guild_id: GuildId, user_id: UserId) -> Visit | None:
        member = self._engine.member(guild_id, user_id)
        return None if member is None else member.visit
