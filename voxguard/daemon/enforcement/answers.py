"""What an answer makes of the wants that its request carried."""

from collections.abc import Callable
from dataclasses import dataclass

from voxguard.daemon.enforcement.desk import BELIEF_SECONDS, Desk
from voxguard.daemon.enforcement.kinds import Field
from voxguard.daemon.enforcement.requests import DirectChannels, Request
from voxguard.daemon.enforcement.settling import Settling, supersede, turns_on, undoes
from voxguard.daemon.enforcement.wants import Want, is_momentary
from voxguard.ports.discord import (
    Answer,
    Applied,
    Message,
    NotConnected,
    Opened,
    RateLimited,
    Refused,
    Unreachable,
)

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 60.0

NONCE_SECONDS = 120.0
"""Discord knows the nonce of a message for "the past few minutes": these are surely among them."""


@dataclass(frozen=True, slots=True)
class Clerk:
    """Settles the wants of an answered request, or puts them back on the desk."""

    settling: Settling
    direct: DirectChannels
    random: Callable[[], float]

    def take_answer(self, desk: Desk, request: Request, answer: Answer, now: float) -> None:
        """Do whatever the answer calls for."""
        desk.answered(request)
        match answer:
            case Applied():
                for want in request.wants:
                    desk.believe(want, now)
                    self.settling.applied(want)
            case Opened(channel_id=channel_id):
                self.direct.add(request.user_id, channel_id)
                self._put_back_all(desk, request)
            case Refused():
                self._refused(desk, request, answer, now)
            case NotConnected():
                self._not_connected(desk, request, now)
            case RateLimited():
                self._put_back_all(desk, request)
            case Unreachable():
                self._unanswered(desk, request, answer, now)

    def _unanswered(self, desk: Desk, request: Request, answer: Unreachable, now: float) -> None:
        for want in request.wants:
            if answer.in_doubt and want.field in desk.echoed and is_momentary(want.decision):
                # It was reported while the answer was awaited, whatever has become of it since.
                self.settling.applied(want)
                continue
            if answer.in_doubt:
                _doubt(want, request, now)
                desk.believe(want, now, sure=False)
            self._try_later(want, now)
            self._put_back(desk, want)

    def _refused(self, desk: Desk, request: Request, answer: Refused, now: float) -> None:
        if answer.status == 401:
            # Nothing is wrong with what is wanted: it is taken up again with another token.
            self._put_back_all(desk, request)
            return
        if len(request.wants) > 1:
            # Which of them Discord minds only shows when each goes by itself.
            for want in request.wants:
                want.alone = True
                self._put_back(desk, want)
            return
        [want] = request.wants
        if want.is_release and answer.status == 403:
            # What a rule did may not stay because a permission was missing once.
            want.is_refused(now)
            self.settling.refused(want, answer)
            self._put_back(desk, want)
        elif answer.status == 403 and _may_have_worked(want):
            # An earlier request may have done it: what is held has to be released one day.
            self.settling.unknown(want.decision, answer.words)
        else:
            self.settling.failed(want.decision, answer.words)
            newer = desk.wants.get(want.slot)
            if newer is not None:
                self._drop_if_needless(desk, newer, want)

    def _not_connected(self, desk: Desk, request: Request, now: float) -> None:
        if request.wants[0].field is Field.AUDIENCE:
            # They may just be in another channel, where there is nothing to be done.
            self.settling.superseded(request.wants[0].decision)
            return
        if not desk.left:
            # Their leaving has not been reported yet, or the report was lost.
            desk.is_gone(now)
        for want in request.wants:
            if want.field is not Field.PLACE:
                self._put_back(desk, want)
                if not desk.left:
                    self._try_later(want, now)
            elif want.in_doubt:
                self.settling.applied(want)
            else:
                self.settling.superseded(want.decision)

    def _put_back_all(self, desk: Desk, request: Request) -> None:
        for want in request.wants:
            self._put_back(desk, want)

    def _put_back(self, desk: Desk, want: Want) -> None:
        newer = desk.wants.get(want.slot)
        if newer is not None:
            supersede(want, newer, self.settling)
            self._drop_if_needless(desk, newer, want)
        elif want.slot in desk.yielded or (desk.removed and not want.outlasts_membership):
            self.settling.superseded(want.decision)
        else:
            desk.wants[want.slot] = want

    def _drop_if_needless(self, desk: Desk, newer: Want, older: Want) -> None:
        """A release of what was under way, and was surely not done, has nothing to do."""
        if undoes(newer, older):
            del desk.wants[newer.slot]
            self.settling.needless(newer)

    def _try_later(self, want: Want, now: float) -> None:
        pause = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2.0 ** min(want.attempts, 10))
        want.attempts += 1
        want.not_before = min(now + pause * (0.5 + self.random() / 2), want.until)


def _may_have_worked(want: Want) -> bool:
    """Whether what is refused now was done before: for a want in doubt, or one that it replaces.

    Of a placement reports would have told.
    """
    return want.field is not Field.PLACE and (want.in_doubt or (want.on and turns_on(want) is True))


def _doubt(want: Want, request: Request, now: float) -> None:
    """The request may have worked all the same."""
    if isinstance(request.act, Message) and not want.in_doubt:
        want.until = request.sent_at + NONCE_SECONDS
    # To ask for a channel of direct messages again does no harm.
    want.in_doubt = want.in_doubt or not want.is_message or isinstance(request.act, Message)
    want.shown_at = now + BELIEF_SECONDS
