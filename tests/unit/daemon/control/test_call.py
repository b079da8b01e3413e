import pytest

from voxguard.daemon.control.call import Asked
from voxguard.errors import UsageError


def test_texts_are_taken_from_the_body_and_nothing_else() -> None:
    """What is missing or no text is wrong usage."""
    asked = Asked(0, {"rule": "quiet", "guild": None, "number": 7})
    assert (asked.text("rule"), asked.optional_text("guild")) == ("quiet", None)
    for name, match in (("guild", "missing"), ("other", "missing"), ("number", "must be a text")):
        with pytest.raises(UsageError, match=match):
            asked.text(name)
