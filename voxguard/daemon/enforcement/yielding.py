"""What becomes of requests when somebody else's hand comes between."""

from voxguard.daemon.enforcement.desk import Desk
from voxguard.daemon.enforcement.settling import Settling
from voxguard.daemon.enforcement.wants import make_want
from voxguard.model.decisions import Decision


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
