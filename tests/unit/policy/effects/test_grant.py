"""`grant: [role]`: roles while the rule holds, each a slot of its own."""

from collections.abc import Callable
from types import SimpleNamespace

from voxguard.model.decisions import Effect
from voxguard.model.ids import RoleId
from voxguard.policy.effects.base import SEVERITY, role_slot
from voxguard.policy.effects.grant import Grant
from voxguard.policy.resolved import Rule

LoadRule = Callable[[str], Rule]
STAFF, DJ = RoleId(811), RoleId(812)


def test_each_role_is_held_by_itself(
    load_rule: LoadRule, facts: Callable[..., SimpleNamespace]
) -> None:
    """It has a slot and a release, and is done when the member has it."""
    rule = load_rule("{then: {grant: dj}}")
    (want,) = rule.wants
    assert want == Grant(DJ)
    assert (want.effect, want.release) == (Effect.GRANT, Effect.REVOKE)
    assert (want.slot, want.role_id, want.held) == (role_slot(DJ), DJ, True)
    assert (want.canonical(), want.params) == ("812", {"role": "812"})
    assert want.is_done(facts(roles=frozenset({DJ})))
    assert not want.is_done(facts(roles=frozenset({STAFF})))
    assert rule.severity == SEVERITY.index(Effect.GRANT)


def test_several_are_in_the_order_of_their_ids(load_rule: LoadRule) -> None:
    """However they are written, and once each."""
    rule = load_rule("{then: {grant: [dj, '811', dj, '812']}}")
    assert rule.wants == (Grant(STAFF), Grant(DJ))
    assert load_rule("{then: {grant: [staff, dj]}}").meaning == rule.meaning
    assert load_rule("{then: {grant: staff}}").meaning != rule.meaning
