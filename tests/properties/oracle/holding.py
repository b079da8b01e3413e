"""Which rules hold for a member: their stretches, episodes and steps."""

from tests.properties.oracle.conditions import World, blocks_match, excused, exempt
from tests.properties.oracle.facts import Episode, Member, Stretch
from tests.properties.oracle.rules import Rule


def look(world: World, member: Member, begun: set[str]) -> bool:
    """Bring stretches and episodes up to date, and say whether any began or ended.

    `begun` are the rules that have begun an episode at this instant; it is added to.
    """
    before = (dict(member.stretches), dict(member.episodes))
    acted_upon = member.channel is not None and not exempt(world, member)
    for rule in world.policy.rules:
        if acted_upon and _holds(world, rule, member):
            if rule.name not in member.episodes:
                _begin(world, rule, member, begun)
        else:
            member.end_episode(rule.name)
            member.resting.discard(rule.name)
            if not acted_upon:
                member.stretches.pop(rule.name, None)
    return before != (member.stretches, member.episodes)


def _holds(world: World, rule: Rule, member: Member) -> bool:
    matches = blocks_match(world, rule, member) and not (rule.spare and member.spared)
    if not matches:
        member.stretches.pop(rule.name, None)
        return False
    stretch = member.stretches.get(rule.name)
    if stretch is None or (stretch.visit != member.visit and not rule.across):
        # A rule without `for` holds all the same; its stretch then says nothing.
        stretch = member.stretches[rule.name] = Stretch(world.now, member.visit)
    return world.now >= stretch.since + rule.lasting and not excused(world, rule, member)


def _begin(world: World, rule: Rule, member: Member, begun: set[str]) -> None:
    """Begin an episode, unless the rule has begun one at this instant already."""
    if rule.name in begun or rule.name in member.resting:
        member.resting.add(rule.name)
        return
    begun.add(rule.name)
    acted = member.acted.get(rule.name, [])
    step = 0
    if rule.forget_after is not None:
        step = sum(world.now - at < rule.forget_after for at in acted)
    cooled_at = max(acted) + rule.cooldown if acted and rule.cooldown is not None else world.now
    member.episodes[rule.name] = Episode(rule.steps[min(step, len(rule.steps) - 1)], cooled_at)
