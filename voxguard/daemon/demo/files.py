"""The demonstration's policy files, and the edits that are made to them meanwhile."""

from datetime import datetime, timedelta
from pathlib import Path
from string import Template
from typing import Final

from voxguard.daemon.demo.view import EditView

SAMPLES: Final = Path(__file__).parent / "policies"
WORLD: Final = Path(__file__).parent / "world.yaml"
QUIET_AFTER: Final = timedelta(seconds=3)
"""From the save to the beginning of the quiet hours: long enough for the file to be loaded."""

_EVE: Final = '      - {id: "80351110224678005", name: eve, reason: shouting}'
_RIGHT: Final = "then: {disconnect: true}"
_WRONG: Final = "then: {disconect: true}"


class PolicyFiles:
    """A policy set of our own in a directory, with times that are short enough to watch."""

    def __init__(self, directory: Path, speed: float) -> None:
        """Write the set; `speed` 2 makes its times half as long, but none below a second."""
        self.directory = directory
        self._speed = speed
        directory.mkdir()
        # The limit is not to come before the quiet hours, which take a while at any speed.
        times = {"away_seconds": self.seconds(5), "limit_seconds": 8 + self.seconds(33)}
        for sample in SAMPLES.glob("*.yaml"):
            text = Template(sample.read_text("utf-8")).substitute(times)
            (directory / sample.name).write_text(text, encoding="utf-8")

    def seconds(self, seconds: float) -> int:
        """A time of the story in whole seconds, as policies have them."""
        return max(1, round(seconds / self._speed))

    def open_quiet_hours(self, now: datetime) -> EditView:
        """Let the quiet hours begin soon, and end by themselves."""
        # Files name whole seconds.
        begin = now.replace(microsecond=0) + QUIET_AFTER
        end = begin + timedelta(seconds=max(2, self.seconds(7)))
        window = f"{{from: {begin:%Y-%m-%dT%H:%M:%S}, to: {end:%Y-%m-%dT%H:%M:%S}}}"
        text = self._read("schedules.yaml")
        before = text[text.index("{from") :].rstrip()
        change = f"- {{from: {begin:%H:%M:%S}, to: {end:%H:%M:%S}}}, UTC"
        return self._save("schedules.yaml", text.replace(before, window), change, now)

    def block_eve(self, now: datetime) -> EditView:
        """Add a line to the block list."""
        text = f"{self._read('lists.yaml')}{_EVE}\n"
        return self._save("lists.yaml", text, f"+ {_EVE.strip()}", now)

    def misspell(self, now: datetime) -> EditView:
        """Make a mistake in the first rule."""
        text = self._read("rules.yaml").replace(_RIGHT, _WRONG)
        return self._save("rules.yaml", text, f"~ {_WRONG}", now)

    def correct(self, now: datetime) -> EditView:
        """Correct it."""
        text = self._read("rules.yaml").replace(_WRONG, _RIGHT)
        return self._save("rules.yaml", text, f"~ {_RIGHT}", now)

    def _read(self, name: str) -> str:
        return (self.directory / name).read_text("utf-8")

    def _save(self, name: str, text: str, change: str, now: datetime) -> EditView:
        """Replace the file in one step, as an editor does."""
        fresh = self.directory / f".{name}.new"
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(self.directory / name)
        return EditView(name, change, now)
