"""The checks of loading: every id and name that a problem of a policy set can bear.

Ids are stable: VG0xx loading, VG1xx names, VG3xx schedules. An id is never used again for
something else.
"""

from typing import NamedTuple


class Check(NamedTuple):
    """A check's stable id (`VG102`) and its readable name (`dangling-reference`)."""

    id: str
    name: str


NO_SET = Check("VG001", "no-policy-set")
UNREADABLE = Check("VG002", "unreadable-file")
TOO_LARGE = Check("VG003", "too-large")
ENCODING = Check("VG004", "encoding")
SYNTAX = Check("VG005", "yaml-syntax")
DUPLICATE_KEY = Check("VG006", "duplicate-key")
FEATURE = Check("VG007", "yaml-feature")
UNKNOWN_KEY = Check("VG008", "unknown-key")
NOT_SUPPORTED = Check("VG009", "not-supported-yet")
MISSING_KEY = Check("VG010", "missing-key")
WRONG_TYPE = Check("VG011", "wrong-type")
INVALID_VALUE = Check("VG012", "invalid-value")
CONFLICT = Check("VG013", "conflicting-keys")
VERSION = Check("VG014", "unknown-version")
MISPLACED_GUILD = Check("VG015", "misplaced-guild")
LIST_FILE = Check("VG016", "bad-list-file")

DUPLICATE_NAME = Check("VG101", "duplicate-name")
DANGLING = Check("VG102", "dangling-reference")
SHADOWED = Check("VG103", "shadowed-name")
CYCLE = Check("VG104", "include-cycle")
BAD_NAME = Check("VG105", "bad-name")
DUPLICATE_GUILD = Check("VG106", "duplicate-guild")

BAD_ZONE = Check("VG301", "bad-time-zone")
BAD_CRON = Check("VG302", "bad-cron")
BAD_WINDOW = Check("VG303", "bad-window")

ALL = (
    NO_SET,
    UNREADABLE,
    TOO_LARGE,
    ENCODING,
    SYNTAX,
    DUPLICATE_KEY,
    FEATURE,
    UNKNOWN_KEY,
    NOT_SUPPORTED,
    MISSING_KEY,
    WRONG_TYPE,
    INVALID_VALUE,
    CONFLICT,
    VERSION,
    MISPLACED_GUILD,
    LIST_FILE,
    DUPLICATE_NAME,
    DANGLING,
    SHADOWED,
    CYCLE,
    BAD_NAME,
    DUPLICATE_GUILD,
    BAD_ZONE,
    BAD_CRON,
    BAD_WINDOW,
)

BY_ID = {check.id: check for check in ALL}
