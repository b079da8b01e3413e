"""Which of a member's wants need a request now, given what is the case."""

from voxguard.daemon.enforcement.desk import GONE, Desk, Values
from voxguard.daemon.enforcement.settling import Settling
from voxguard.daemon.enforcement.wants import Field, Kind, Want
from voxguard.model.decisions import Outcome
from voxguard.ports.enforcement import StillWanted


def review(
    desk: Desk, values: Values, now: float, still_wanted: StillWanted, settling: Settling
) -> list[Want]:
    """Settle what needs no request and give the wants that do, though not all of them yet.

    Discord changes nothing of somebody who is not connected: a placement is void then,
    everything else is pending until they join.
    """
    needed = []
    is_gone = values[Field.PLACE] == GONE
    for want in list(desk.wants.values()):
        if want.field is Field.PLACE:
            if _place_is_settled(want, values, still_wanted, settling):
                del desk.wants[want.field]
                continue
        elif is_gone:
            settling.passing(want, Outcome.PENDING)
            continue
        elif values[want.field] == want.value and now >= want.unclear_until:
            settling.needless(want)
            del desk.wants[want.field]
            continue
        needed.append(want)
    return needed


def _place_is_settled(
    want: Want, values: Values, still_wanted: StillWanted, settling: Settling
) -> bool:
    place = values[Field.PLACE]
    if place == want.value and (want.in_doubt or want.kind is Kind.MOVE):
        settling.needless(want)
    elif place == GONE or not still_wanted(want.decision):
        settling.superseded(want.decision)
    else:
        return False
    return True
