"""What the page on running says of settings and permissions is what the code says."""

import re
from typing import Final

from tests.docs.pages import DOCS
from voxguard.daemon.doctor.examine import INVITED_WITH
from voxguard.settings import _EXPECTED, DISCORD_API, Settings

RUNNING: Final = (DOCS / "running.md").read_text()
_ROW: Final = re.compile(r"^\| `([A-Z_]+)` \| .* \| (.*) \|$", re.MULTILINE)


def test_the_table_of_settings_is_complete() -> None:
    """A variable is in the table when it is one that is read, and with its default."""
    rows = {name: cell for name, cell in _ROW.findall(RUNNING) if not name.startswith("GUILD")}
    fields = {field.validation_alias: field for field in Settings.model_fields.values()}
    assert set(rows) == set(fields) == set(_EXPECTED)
    shown = {name: re.fullmatch(r"`(.*)`", default) for name, default in rows.items()}
    defaults = {name: found[1] for name, found in shown.items() if found is not None}
    assert defaults == {name: str(fields[name].default) for name in defaults}
    assert defaults["VOXGUARD_DISCORD_API"] == DISCORD_API
    assert {*rows} - {*defaults} == {
        "DISCORD_TOKEN",
        "DATABASE_URL",
        "VOXGUARD_STATE_DIR",
        "VOXGUARD_RETENTION",
    }


def test_the_invite_link_asks_for_what_is_needed() -> None:
    """The page and the doctor invite with the same permissions, the eight of the table."""
    assert INVITED_WITH.bit_count() == 8
    assert f"All eight together are the number {int(INVITED_WITH)}." in RUNNING
    assert f"&permissions={int(INVITED_WITH)}\n" in RUNNING
