"""One round of deciding one member: who speaks about which slot, and what follows."""

from dataclasses import dataclass, field
from typing import Any

from tests.properties.oracle.conditions import World
from tests.properties.oracle.facts import STAGE, Episode, Lease, Member, Slot
from tests.properties.oracle.rules import HELD, LIFTING, PLACING, SEVERITY, Effect, Rule

MODES = ("enforce", "observe")
Rank = tuple[bool, int, int, int]
Params = dict[str, str | int]


@dataclass(frozen=True)
class Decision:
    """What was decided of a member, with its place among those of its round."""

    rank: Rank
    rule: str
    mode: str
    effect: str
    params: Params = field(default_factory=dict)


@dataclass(frozen=True)
class Speaker:
    """A rule that speaks in this round: its place in the order, and its episode."""

    index: int
    rule: Rule
    episode: Episode


class Round:
    """Everything that is due for a member now, as things stand at its beginning.

    What an observing rule sees is what the enforcing and observing rules before it said;
    what an enforcing rule sees is what the enforcing ones said.
    """

    def __init__(self, world: World, member: Member) -> None:
        self.world, self.member = world, member
        self.on = set(member.on)
        self.said: dict[str, dict[Slot, tuple[Any, str]]] = {mode: {} for mode in MODES}
        self.decisions: list[Decision] = []
        self.kept: set[Lease] = set()
        self.ended: set[Lease] = set()

    def decide(self) -> list[Decision]:
        """Decide, and have everything carried out."""
        speaking = self._speaking()
        for speaker in speaking:
            for effect in speaker.episode.step.effects:
                if effect.kind in PLACING:
                    self._place(speaker, effect)
        for speaker in speaking:
            for effect in speaker.episode.step.effects:
                self._speak(speaker, effect)
        self._end_leases()
        self.member.on = self.on
        return sorted(self.decisions, key=lambda decision: decision.rank)

    def _speaking(self) -> list[Speaker]:
        speaking = []
        allowed: set[str] = set()
        for index, rule in enumerate(self.world.policy.rules):
            episode = self.member.episodes.get(rule.name)
            if episode is None or allowed & self._seen_by(rule.mode):
                continue
            if self.world.now >= episode.cooled_at:
                speaking.append(Speaker(index, rule, episode))
            if any(effect.kind == "allow" for effect in episode.step.effects):
                allowed.add(rule.mode)
        return speaking

    @staticmethod
    def _seen_by(mode: str) -> set[str]:
        return {"enforce"} if mode == "enforce" else set(MODES)

    def _say(self, rule: Rule, slot: Slot, value: object) -> tuple[Any, bool]:
        """Speak about a slot; what it was decided to be, and whether by this rule."""
        for mode in MODES if rule.mode == "enforce" else ("observe",):
            self.said[mode].setdefault(slot, (value, rule.name))
        decided, by = self.said[rule.mode][slot]
        return decided, by == rule.name

    def _waits(self, mode: str) -> bool:
        """Whether a placement keeps new effects of a mode from beginning."""
        return bool(self.member.placed & self._seen_by(mode))

    def _act(
        self, speaker: Speaker, effect: Effect, params: Params | None = None, role: int = 0
    ) -> None:
        rule = speaker.rule
        rank = (True, speaker.index, effect.severity, role)
        self.decisions.append(Decision(rank, rule.name, rule.mode, effect.kind, params or {}))
        speaker.episode.acted_at = self.world.now

    def _place(self, speaker: Speaker, effect: Effect) -> None:
        _, own = self._say(speaker.rule, ("placement", 0), effect)
        target = effect.value
        done = (effect.kind, 0) in speaker.episode.done
        if not own or done or (target is not None and target == self.member.channel):
            return
        speaker.episode.done.add((effect.kind, 0))
        self._act(speaker, effect, {} if target is None else {"channel": str(target)})
        self.member.placed.add(speaker.rule.mode)

    def _speak(self, speaker: Speaker, effect: Effect) -> None:
        if effect.kind == "grant":
            for role in effect.value:
                self._hold(speaker, effect, ("grant", role))
        elif effect.kind in HELD:
            self._hold(speaker, effect, (effect.kind, 0))
        elif effect.kind in LIFTING:
            self._lift(speaker, effect)
        elif effect.kind not in {*PLACING, "allow"}:
            self._once(speaker, effect)

    def _once(self, speaker: Speaker, effect: Effect) -> None:
        own = effect.kind != "timeout" or self._say(speaker.rule, ("timeout", 0), effect)[1]
        if own and (effect.kind, 0) not in speaker.episode.done:
            speaker.episode.done.add((effect.kind, 0))
            self._act(speaker, effect, _params(effect))

    def _hold(self, speaker: Speaker, effect: Effect, slot: Slot) -> None:
        member, rule, role = self.member, speaker.rule, slot[1]
        wanted, own = self._say(rule, slot, True)
        lease = next((e for e in member.leases if (e.rule, e.slot) == (rule.name, slot)), None)
        if wanted is not True:
            if lease is not None and self._waits(rule.mode):
                self.kept.add(lease)
            return
        if lease is None and not member.leased(slot, rule.mode):
            waits = effect.kind != "grant" and self._waits(rule.mode)
            nowhere = effect.kind == "suppress" and not self._on_stage()
            if not own or self._is_on(slot) or waits or nowhere:
                return
            self._act(speaker, effect, {"role": str(role)} if role else {}, role)
            if rule.mode == "enforce":
                self.on.add(slot)
        self._take(speaker, slot, lease)

    def _take(self, speaker: Speaker, slot: Slot, lease: Lease | None) -> None:
        """Have a lease in this episode; it keeps what an earlier one still had to run."""
        now, rule, episode = self.world.now, speaker.rule, speaker.episode
        held_until = now + (episode.step.hold or 0)
        if lease is None:
            lease = Lease(rule.name, rule.mode, slot, episode, held_until)
            self.member.leases.append(lease)
        elif lease.episode is not episode:
            lease.episode, lease.held_until = episode, max(lease.held_until, held_until)
        self.kept.add(lease)

    def _is_on(self, slot: Slot) -> bool:
        """Whether it is so already; nobody has a role that is deleted."""
        return slot in self.member.on and slot[1] not in self.world.guild.deleted

    def _on_stage(self) -> bool:
        channel = self.member.channel
        return channel is not None and self.world.guild.kind(channel) == STAGE

    def _lift(self, speaker: Speaker, effect: Effect) -> None:
        member, slot = self.member, (LIFTING[effect.kind], 0)
        rule, episode = speaker.rule, speaker.episode
        _, own = self._say(rule, slot, False)
        if not own or (effect.kind, 0) in episode.done or self._waits(rule.mode):
            return
        leases = {e for e in member.leases if (e.mode, e.slot) == (rule.mode, slot)}
        if slot not in member.on:
            # Only an observing rule can find leases here, which then end as others do.
            self.ended |= leases
            return
        episode.done.add((effect.kind, 0))
        self._act(speaker, effect)
        member.leases = [each for each in member.leases if each not in leases]
        if rule.mode == "enforce":
            self.on.discard(slot)

    def _end_leases(self) -> None:
        """End what nobody holds any longer, and release slots whose last lease has ended."""
        over = [
            lease
            for lease in self.member.leases
            if lease in self.ended
            or (lease not in self.kept and lease.held_until <= self.world.now)
        ]
        self.decisions += end_leases(self.world, self.member, over, self.on)


def end_leases(world: World, member: Member, over: list[Lease], on: set[Slot]) -> list[Decision]:
    """End some leases; the releases of those slots that have none left, which are then off."""
    order = [rule.name for rule in world.policy.rules]
    member.leases = [lease for lease in member.leases if lease not in over]
    last: dict[tuple[str, Slot], int] = {}
    for lease in over:
        key = lease.mode, lease.slot
        if not member.leased(lease.slot, lease.mode):
            last[key] = max(last.get(key, 0), order.index(lease.rule))
    releases = []
    for (mode, slot), index in last.items():
        kind, role = slot
        if role in world.guild.deleted:
            # Nobody has a role that is deleted: what is held of it ends in silence.
            on.discard(slot)
            continue
        rank = (False, index, SEVERITY.index(kind), role)
        params: Params = {"role": str(role)} if role else {}
        if not role or role not in world.guild.deleted:
            releases.append(Decision(rank, order[index], mode, HELD[kind], params))
        if mode == "enforce":
            on.discard(slot)
    return sorted(releases, key=lambda release: release.rank)


def _params(effect: Effect) -> Params:
    match effect.kind:
        case "timeout":
            return {"seconds": effect.value}
        case "warn":
            return {"text": effect.value}
        case "announce":
            channel, text = effect.value
            return {"channel": str(channel), "text": text}
        case _:
            return {}
