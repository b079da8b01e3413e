"""One layer of a member (enforced or observed): which leases begin, go on and end."""

from dataclasses import dataclass
from datetime import datetime

from voxguard.engine.assume import stands
from voxguard.engine.index import IndexedRule
from voxguard.engine.speech import Spoken
from voxguard.engine.state import Layer, Lease, MemberState, Placement
from voxguard.model.decisions import RELEASES, Effect, Mode
from voxguard.policy.effects.base import PLACEMENT, SEVERITY, Slot, Want


@dataclass(frozen=True, slots=True)
class Draft:
    """A decision before it has an id: `want` is None for a release."""

    rule: str
    order: tuple[int, int, str]
    effect: Effect
    mode: Mode
    episode_began_at: datetime
    want: Want | None = None

    @property
    def sort_key(self) -> tuple[bool, tuple[int, int, str], int]:
        """Releases first, then the order of rules, then that of severity."""
        return (self.want is not None, self.order, SEVERITY.index(self.effect))


def update_layer(
    member: MemberState, layer: Layer, slots: dict[Slot, Spoken], at: datetime, *, placed: bool
) -> list[Draft]:
    """Bring one layer in line with what its rules say; `placed` bars new held effects.

    Facts are only read: what the drafts assume is set when both layers are done.
    """
    drafts = _place(member, layer, slots.get(PLACEMENT))
    barred = placed or layer.placement is not None
    for slot in [*layer.leases, *(slot for slot in slots if slot not in layer.leases)]:
        spoken = slots.get(slot)
        if spoken is not None and not spoken.want.held:
            continue
        if slot in layer.leases:
            agreeing = [] if spoken is None else spoken.agreeing_in(layer.mode)
            drafts += _go_on(member, layer, slot, agreeing, at)
        elif spoken is not None and spoken.rule.mode is layer.mode and not barred:
            drafts += _begin(member, layer, spoken, at)
    return drafts


def end_leases(member: MemberState, layer: Layer) -> list[Draft]:
    """End all leases of a layer, as leaving voice does."""
    drafts = [
        draft
        for leases in layer.leases.values()
        for draft in _release(member, layer.mode, tuple(leases.values()))
    ]
    layer.leases.clear()
    return drafts


def _place(member: MemberState, layer: Layer, spoken: Spoken | None) -> list[Draft]:
    if spoken is None or spoken.rule.mode is not layer.mode or spoken.want.is_done(member):
        return []
    rule, want = spoken.rule, spoken.want
    episode = member.episode(rule.name)
    if want.effect in episode.done:
        return []
    episode.done.add(want.effect)
    layer.placement = Placement(want.effect, want.target_id)
    return [Draft(rule.name, rule.order, want.effect, layer.mode, episode.began_at, want)]


def _begin(member: MemberState, layer: Layer, spoken: Spoken, at: datetime) -> list[Draft]:
    rule, want = spoken.rule, spoken.want
    # What somebody else's hand has done already makes neither a decision nor a lease.
    if want.is_done(member):
        return []
    layer.leases[want.slot] = {
        each.name: _lease(member, each, want.effect, at) for each in spoken.agreeing_in(layer.mode)
    }
    began_at = member.episode(rule.name).began_at
    return [Draft(rule.name, rule.order, want.effect, layer.mode, began_at, want)]


def _go_on(
    member: MemberState, layer: Layer, slot: Slot, agreeing: list[IndexedRule], at: datetime
) -> list[Draft]:
    """Let rules take leases up and give them up; the effect ends with the last of them."""
    leases = layer.leases[slot]
    if not agreeing:
        del layer.leases[slot]
        return _release(member, layer.mode, tuple(leases.values()))
    effect = next(iter(leases.values())).effect
    layer.leases[slot] = {
        rule.name: leases.get(rule.name) or _lease(member, rule, effect, at) for rule in agreeing
    }
    return []


def _release(member: MemberState, mode: Mode, leases: tuple[Lease, ...]) -> list[Draft]:
    """The end of an effect whose leases all end now; the last in order ended last."""
    last = max(leases, key=lambda lease: lease.order)
    effect = RELEASES[last.effect]
    if mode is Mode.ENFORCE and not stands(member, effect):
        return []
    return [Draft(last.rule, last.order, effect, mode, last.episode_began_at)]


def _lease(member: MemberState, rule: IndexedRule, effect: Effect, at: datetime) -> Lease:
    return Lease(
        rule=rule.name,
        order=rule.order,
        effect=effect,
        episode_began_at=member.episode(rule.name).began_at,
        since_at=at,
    )
