"""Leases: how what a rule holds begins, goes on and ends."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from voxguard.engine.episodes import Hand, Layer, Lease
from voxguard.engine.index import IndexedRule
from voxguard.engine.reported import held_slot, stands
from voxguard.engine.speech import Spoken
from voxguard.engine.state import MemberState
from voxguard.model.decisions import ENDED, RELEASES, Decision, Effect, Mode
from voxguard.model.ids import RoleId
from voxguard.policy.effects.base import SEVERITY, Slot, Want


@dataclass(frozen=True, slots=True)
class Draft:
    """A decision before it has an id.

    `want` and `by`, the rule as it was decided, are None for a release. `hand` is somebody
    else's, where it is why this is decided. A lifting has `ended` what this rule held.
    """

    rule: str
    order: tuple[int, int, str]
    effect: Effect
    mode: Mode
    episode_id: UUID
    want: Want | None = None
    by: IndexedRule | None = None
    released_role_id: RoleId | None = None
    hand: Hand | None = None
    ended: str | None = None

    @property
    def yielded(self) -> bool:
        """Whether somebody else's hand has made this release."""
        return self.hand is not None and self.want is None

    @property
    def role_id(self) -> RoleId | None:
        """The role that it is about, if it is about one."""
        return self.released_role_id if self.want is None else self.want.role_id

    @property
    def sort_key(self) -> tuple[bool, tuple[int, int, str], int, int]:
        """Releases first, then the order of rules, that of severity, and that of roles.

        A release has the place of what it ends.
        """
        effect = self.effect if self.want is not None else ENDED[self.effect]
        return (self.want is not None, self.order, SEVERITY.index(effect), self.role_id or 0)


def begin(member: MemberState, layer: Layer, spoken: Spoken, at: datetime) -> list[Draft]:
    """The first leases on a slot, and the one decision that they make."""
    rule, want = spoken.rule, spoken.want
    assert want.slot is not None  # noqa: S101 - nothing that is held is a message
    layer.leases[want.slot] = {
        each.name: _lease(member, each, want.effect, want.role_id, at)
        for each in spoken.agreeing_in(layer.mode)
    }
    episode_id = member.episode(rule.name).id
    return [Draft(rule.name, rule.order, want.effect, layer.mode, episode_id, want, rule)]


def go_on(
    member: MemberState, layer: Layer, slot: Slot, agreeing: list[IndexedRule], at: datetime
) -> list[Draft]:
    """Let rules take leases up and give them up; the effect ends with the last of them.

    A lease whose rule has stopped wanting it is kept for as long as it is held. A new
    episode takes it up anew, and never for less than it was held already.
    """
    before = layer.leases[slot]
    first = next(iter(before.values()))
    after = {name: lease for name, lease in before.items() if is_kept(lease, at)}
    for rule in agreeing:
        lease = before.get(rule.name)
        if lease is None or lease.episode_id != member.episode(rule.name).id:
            kept_until = None if lease is None else lease.until_at
            lease = _lease(member, rule, first.effect, first.role_id, at)
            if kept_until is not None and (lease.until_at is None or lease.until_at < kept_until):
                lease = replace(lease, until_at=kept_until)
        after[rule.name] = lease
    if after:
        layer.leases[slot] = after
        return []
    del layer.leases[slot]
    return _release(member, layer.mode, before.values())


def end(member: MemberState, layer: Layer, slot: Slot) -> list[Draft]:
    """End all leases on a slot, however long they were to be held."""
    return _release(member, layer.mode, layer.leases.pop(slot).values())


def leave(member: MemberState, layer: Layer, at: datetime) -> list[Draft]:
    """End all leases that are not held for longer, as leaving voice does."""
    return [draft for slot in list(layer.leases) for draft in go_on(member, layer, slot, [], at)]


def is_kept(lease: Lease, at: datetime) -> bool:
    """Whether a lease outlasts its rule for the present."""
    return lease.until_at is not None and at < lease.until_at


def kept_until(member: MemberState, at: datetime) -> datetime | None:
    """The next instant at which a lease stops being held, whatever its rule does."""
    return min(
        (
            lease.until_at
            for layer in (member.enforced, member.observed)
            for leases in layer.leases.values()
            for lease in leases.values()
            if lease.until_at is not None and at < lease.until_at
        ),
        default=None,
    )


def held_since(leases: Mapping[str, Lease]) -> datetime:
    """From when on a slot is held that all these leases are on."""
    return min(lease.since_at for lease in leases.values())


def last_of(ended: Iterable[Lease]) -> Lease:
    """The lease that ended last of those that end at one instant: the last in order."""
    return max(ended, key=lambda lease: lease.order)


def _release(member: MemberState, mode: Mode, ended: Iterable[Lease]) -> list[Draft]:
    """The end of an effect whose leases all end now."""
    last = last_of(ended)
    effect = RELEASES[last.effect]
    if mode is Mode.ENFORCE and not stands(member, effect, last.role_id):
        return []
    if last.role_id in member.around.deleted_roles:
        return []
    return [
        Draft(
            last.rule,
            last.order,
            effect,
            mode,
            last.episode_id,
            released_role_id=last.role_id,
        )
    ]


def _lease(
    member: MemberState, rule: IndexedRule, effect: Effect, role_id: RoleId | None, at: datetime
) -> Lease:
    episode = member.episode(rule.name)
    hold = rule.rule.steps[episode.step].hold
    return Lease(
        rule=rule.name,
        order=rule.order,
        effect=effect,
        episode_id=episode.id,
        since_at=at,
        until_at=None if hold is None else at + hold,
        role_id=role_id,
    )


def end_holds(member: MemberState, rules: Iterable[IndexedRule]) -> None:
    """Let go of what is held for a while by rules that are there no longer, or not in that mode.

    It ends with the next decision, as whatever a rule holds that is gone.
    """
    for layer in (member.enforced, member.observed):
        if not layer.leases:
            continue
        names = {rule.name for rule in rules if rule.mode is layer.mode}
        for leases in layer.leases.values():
            for name, lease in leases.items():
                if name not in names:
                    leases[name] = replace(lease, until_at=None)


def hold_on(member: MemberState, lifting: Decision) -> None:
    """Hold what a lifting was to end, and did not, for all that is known: so it is released.

    To lift again could be to lift what somebody else has set; to release is to end our own.
    """
    slot = held_slot(lifting.effect, None)
    if slot is None or slot in member.enforced.leases or "ended" not in lifting.details:
        return
    effect, rule = ENDED[lifting.effect], lifting.rule
    since_at = lifting.decided_at
    lease = Lease(rule, (0, 0, rule), effect, lifting.episode_id, since_at)
    member.enforced.leases[slot] = {rule: lease}
    member.guild_mute |= effect is Effect.MUTE
    member.guild_deaf |= effect is Effect.DEAFEN
