"""What becomes of requests when somebody else's hand has the last word."""

from voxguard.daemon.enforcement.desk import Desk
from voxguard.daemon.enforcement.settling import Settling
from voxguard.daemon.enforcement.wants import make_want
from voxguard.model.decisions import Decision


def must_wait(desk: Desk, yielded: Decision, settling: Settling) -> bool:
    """Want no more what a hand has undone, or done; whether the release has to wait all the same.

    It does while a request is under way that may do again what was undone. The release is sent
    then if the reports, or the answer, say that something is there to be lifted.
    """
    slot = make_want(yielded, 0).slot
    older = desk.wants.pop(slot, None)
    if older is not None:
        settling.superseded(older.decision)
    if desk.is_asked(slot):
        desk.yielded.add(slot)
        if yielded.details.get("undone") is True:
            return True
    settling.yielded(yielded)
    return False
