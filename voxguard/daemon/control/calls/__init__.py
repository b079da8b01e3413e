"""The calls of the control socket, one module each.

A module `voxguard/daemon/control/calls/NAME.py` holds `CALL`. Adding one is its file and one
line here.
"""

from typing import Final

from voxguard.daemon.control.call import Call
from voxguard.daemon.control.calls import fuse_reset, fuses, status

CALLS: Final[tuple[Call, ...]] = (
    fuse_reset.CALL,
    fuses.CALL,
    status.CALL,
)
