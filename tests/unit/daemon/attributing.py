"""An engine, what is sent for it, and what Discord tells."""

from tests.support.stage import ALICE, DJ, GUILD, LOBBY, Stage, voice
from tests.unit.daemon.parts import Clock
from voxguard.daemon.attribution import Attribution
from voxguard.model.decisions import Effect
from voxguard.model.events import Echo, Event, MemberChanged, VoiceStateChanged
from voxguard.model.ids import UserId
from voxguard.model.world import Member
from voxguard.ports.discord import Act, Applied

RULES = "rules: {r: {where: [lobby, music], then: {mute: true, grant: dj}}}"
BOT, MODERATOR = UserId(9), UserId(77)
MUTED: Echo = (Effect.MUTE, None)
UNMUTED: Echo = (Effect.UNMUTE, None)
GRANTED: Echo = (Effect.GRANT, DJ)
REVOKED: Echo = (Effect.REVOKE, DJ)


class Desk:
    """An engine, what is sent for it, and what Discord tells."""

    def __init__(self, rules: str = RULES) -> None:
        self.stage = Stage(rules, humans=True)
        self.clock = Clock()
        self.attribution = Attribution(self.stage.engine, self.clock.now)
        self.attribution.bot_id = BOT
        self.stage.enter(ALICE, LOBBY)

    def sends(self, act: Act, *, answered: bool = True) -> None:
        """A request about alice."""
        self.attribution.sent(GUILD, ALICE, act)
        if answered:
            self.attribution.answered(GUILD, ALICE, act, Applied())

    def tells(self, event: Event) -> Event | None:
        """An event goes to the engine as it was marked."""
        told = self.attribution.tell_apart(event)
        self.clock.forward(0.001)
        if told is not None:
            self.stage.at(self.stage.now + 1).step(told)
        return told

    def voice(self, *, mute: bool) -> VoiceStateChanged:
        """Alice's voice state."""
        told = self.tells(voice(ALICE, LOBBY, guild_mute=mute))
        assert isinstance(told, VoiceStateChanged)
        return told

    def roles(self, *roles: int) -> MemberChanged:
        """Alice's roles."""
        member = Member(ALICE, frozenset(type(DJ)(role) for role in roles))
        told = self.tells(MemberChanged(GUILD, member))
        assert isinstance(told, MemberChanged)
        return told

    @property
    def effects(self) -> list[tuple[str, bool]]:
        """What was decided, and whether it was yielded."""
        return [(each.effect.value, each.yielded) for each in self.stage.decisions]
