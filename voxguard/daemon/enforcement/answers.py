"""What an answer makes of the wants that its request carried."""

from collections.abc import Callable

from voxguard.daemon.enforcement.desk import BELIEF_SECONDS, GONE, Desk
from voxguard.daemon.enforcement.settling import Settling, supersede
from voxguard.daemon.enforcement.wants import Field, Request, Want
from voxguard.ports.discord import (
    Answer,
    Applied,
    NotConnected,
    RateLimited,
    Refused,
    Unreachable,
)

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 60.0


def take_answer(
    desk: Desk,
    request: Request,
    answer: Answer,
    now: float,
    settling: Settling,
    random: Callable[[], float],
) -> None:
    """Settle the wants of a request, or put them back on the desk."""
    desk.sent = None
    match answer:
        case Applied():
            for want in request.wants:
                desk.believe(want.field, want.value, now)
                settling.applied(want)
        case Refused():
            _refused(desk, request, answer, settling)
        case NotConnected():
            _not_connected(desk, request, now, settling, random)
        case RateLimited():
            for want in request.wants:
                _put_back(desk, want, settling)
        case Unreachable():
            for want in request.wants:
                if answer.in_doubt:
                    want.in_doubt = True
                    want.shown_at = now + BELIEF_SECONDS
                _try_later(want, now, random)
                _put_back(desk, want, settling)


def _refused(desk: Desk, request: Request, answer: Refused, settling: Settling) -> None:
    if answer.status == 401:
        # Nothing is wrong with what is wanted: it is taken up again with another token.
        for want in request.wants:
            _put_back(desk, want, settling)
    elif len(request.wants) > 1:
        # Which of them Discord minds only shows when each goes by itself.
        for want in request.wants:
            want.alone = True
            _put_back(desk, want, settling)
    else:
        settling.failed(request.wants[0].decision, f"{answer.code}: {answer.text}")


def _not_connected(
    desk: Desk, request: Request, now: float, settling: Settling, random: Callable[[], float]
) -> None:
    if not desk.left:
        # Their leaving has not been reported yet, or the report was lost.
        desk.echoed.discard(Field.PLACE)
        desk.believe(Field.PLACE, GONE, now)
    for want in request.wants:
        if want.field is not Field.PLACE:
            _put_back(desk, want, settling)
            if not desk.left:
                _try_later(want, now, random)
        elif want.in_doubt:
            settling.applied(want)
        else:
            settling.superseded(want.decision)


def _put_back(desk: Desk, want: Want, settling: Settling) -> None:
    newer = desk.wants.get(want.field)
    if newer is not None:
        supersede(want, newer, settling)
    elif desk.removed:
        settling.superseded(want.decision)
    else:
        desk.wants[want.field] = want


def _try_later(want: Want, now: float, random: Callable[[], float]) -> None:
    pause = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2.0 ** min(want.attempts, 10))
    want.attempts += 1
    want.not_before = now + pause * (0.5 + random() / 2)
