"""What becomes of requests when somebody else's hand comes between."""

from collections.abc import Collection

from voxguard.daemon.enforcement.desk import Desk
from voxguard.daemon.enforcement.settling import Settling
from voxguard.daemon.enforcement.wants import Want, make_want
from voxguard.model.decisions import ENDED, Decision
from voxguard.model.events import Echo
from voxguard.ports.discord import RoleEdit


def by_hand(desk: Desk, decision: Decision, settling: Settling) -> bool:
    """Take in what a hand has undone, or done; whether the decision is to be carried out.

    Reports that are closer together than decisions are told of by the last of them alone: what
    our request did was shown before it was undone, so that it is believed no more. That cannot
    be said of a request that is made a second time, since nobody knows which of the two was
    shown: a release waits for its answer then, and is sent if there is something to lift.
    """
    want = make_want(decision, 0)
    desk.beliefs.pop(want.field, None)
    sent = [] if desk.sent is None else [one for one in desk.sent.wants if one.slot == want.slot]
    in_doubt = any(one.in_doubt for one in sent)
    undone = decision.details.get("undone") is True
    if undone and not in_doubt:
        desk.echoed.add(want.field)
    if not decision.yielded:
        return True
    older = desk.wants.pop(want.slot, None)
    if older is not None:
        settling.superseded(older.decision)
    if undone and in_doubt:
        return True
    if sent:
        desk.yielded.add(want.slot)
    settling.yielded(decision)
    return False


def yield_releases(desk: Desk, changes: Collection[Echo], settling: Settling) -> None:
    """Leave on what somebody else has set while its release waits; one under way is not repeated.

    It was decided before that, so that it is about what was there before.
    """
    for want in [each for each in desk.wants.values() if _is_to_undo(each, changes)]:
        del desk.wants[want.slot]
        settling.yielded(want.decision)
    if desk.sent is not None:
        desk.yielded.update(each.slot for each in desk.sent.wants if _is_to_undo(each, changes))


def _is_to_undo(want: Want, changes: Collection[Echo]) -> bool:
    role = want.value.role_id if isinstance(want.value, RoleEdit) else None
    return want.is_release and (ENDED[want.decision.effect], role) in changes
