import bz2
import gzip
import io
import json
import lzma
from datetime import UTC, datetime

import pytest

from voxguard.errors import UsageError
from voxguard.model.events import GuildVanished, VoiceStateChanged
from voxguard.scenario import trace
from voxguard.scenario.trace import FIRST_AT, LAST_AT, Moment, check_instant, read_trace

JOIN = {"guild_id": "1", "user_id": "2", "channel_id": "3"}
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def read(text: str | bytes) -> list[Moment]:
    """Everything that a trace says."""
    data = text if isinstance(text, bytes) else text.encode()
    return list(read_trace(io.BytesIO(data), "trace"))


def line(at: str = "2026-03-01T12:00:00Z", t: str = "TICK", **more: object) -> str:
    """One line of a trace."""
    return json.dumps({"at": at, "t": t, **more}) + "\n"


def test_events_of_one_instant_come_together() -> None:
    """An instant is handed on with all of its events, in order, however it is written."""
    moments = read(
        line(t="VOICE_STATE_UPDATE", d=JOIN)
        + line(at="2026-03-01T15:00:00+03:00", t="GUILD_DELETE", d={"id": "1"})
        + line(at="2026-03-01T12:00:01Z", t="VOICE_STATE_UPDATE", d=JOIN)
    )
    assert [moment.at for moment in moments] == [NOON, NOON.replace(second=1)]
    first, second = moments
    assert [type(event) for event in first.events] == [VoiceStateChanged, GuildVanished]
    assert len(second.events) == first.count - 1 == 1


def test_ticks_and_unknown_names_bring_no_events() -> None:
    """A TICK lets time pass and is not counted; a name that is unknown counts for nothing else."""
    moments = read(line() + line(t="PRESENCE_UPDATE", d=None) + line(at="2026-03-01T13:00:00Z"))
    assert [(moment.events, moment.count) for moment in moments] == [((), 1), ((), 0)]


def test_an_empty_trace_says_nothing() -> None:
    """No line, no instant."""
    assert read("") == read("\n \n") == read(b"\xef\xbb\xbf") == []


def test_marks_blank_lines_and_carriage_returns_are_no_harm() -> None:
    """What editors put into files is read over, and the last line needs no end."""
    text = "\ufeff" + line().strip() + "\r\n\r\n" + line(at="2026-03-01T12:00:01Z").strip()
    assert [moment.at for moment in read(text)] == [NOON, NOON.replace(second=1)]


def test_it_is_known_how_far_the_trace_has_been_read() -> None:
    """The last moment has read all of it."""
    text = line() + line(at="2026-03-01T13:00:00Z")
    assert [moment.bytes_read for moment in read(text)] == [len(text) // 2, len(text)]


@pytest.mark.parametrize(
    ("at", "instant"),
    [
        ("2026-03-01T12:00:00Z", NOON),
        ("2026-03-01t12:00z", NOON),
        ("2026-03-01 12:00:00+00:00", NOON),
        ("2026-03-01T17:30:00+05:30", NOON),
        ("2026-03-01T12:00:00.25Z", NOON.replace(microsecond=250_000)),
        ("2026-03-01T12:00:00.123456789Z", NOON.replace(microsecond=123_456)),
    ],
)
def test_instants_are_those_of_rfc_3339(at: str, instant: datetime) -> None:
    """Any offset and any fraction will do; what is finer than a microsecond is cut off."""
    assert [moment.at for moment in read(line(at))] == [instant]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{\n", "this is not JSON"),
        ("[1]\n", "this is not an object"),
        ('{"t": "TICK"}\n', "there is no 'at'"),
        ('{"at": "2026-03-01T12:00:00Z"}\n', "there is no 't'"),
        ('{"at": 5, "t": "TICK"}\n', "'at' is not a text"),
        (line("2026-03-01"), "'2026-03-01' is not an instant with an offset"),
        (line("2026-03-01T12:00:00"), "is not an instant with an offset"),
        (line("2026-02-30T12:00:00Z"), "is not an instant with an offset"),
        (line("0001-01-01T00:00:00+10:00"), "is not an instant with an offset"),
        (line("1969-12-31T23:59:59Z"), "is not between the years 1970 and 2200"),
        (line("2200-01-01T00:00:00Z"), "is not between the years 1970 and 2200"),
        (line(t="GUILD_CREATE"), "the payload of GUILD_CREATE is not an object"),
        (line(t="VOICE_STATE_UPDATE", d={"guild_id": "1"}), "VOICE_STATE_UPDATE without 'user_id'"),
        (line("2026-03-01T11:59:59Z"), "is before that of the line above"),
        (b'{"at": "\xff"}\n', "this is not JSON"),
        ("[" * 100_000 + "\n", "this is not JSON"),
        (line("x" * 1_000_000), "xxx…"),
    ],
)
def test_a_malformed_line_is_an_error_with_its_number(text: str | bytes, message: str) -> None:
    """The message is short, says what is wrong, and names the trace and the line."""
    data = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(UsageError) as caught:
        read(line().encode() + b"\n" + data)
    assert str(caught.value).startswith("trace:3: ")
    assert message in str(caught.value)
    assert len(str(caught.value)) < 300
    assert caught.value.exit_code == 2


def test_a_line_without_end_is_not_read_into_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line over the limit is refused by its number."""
    monkeypatch.setattr(trace, "LONGEST_LINE", 100)
    with pytest.raises(UsageError, match="trace:2: the line is longer than 100 bytes"):
        read(line() + " " * 101 + "\n")


def test_what_comes_before_a_malformed_line_is_handed_on() -> None:
    """A trace is read as it goes, so that its length costs no memory."""
    moments = read_trace(io.BytesIO((line() + line("2026-03-01T12:00:01Z") + "{").encode()), "x")
    assert next(moments).at == NOON
    with pytest.raises(UsageError, match="x:3"):
        next(moments)


def test_an_instant_is_checked_against_the_span_of_time() -> None:
    """Instants at which adding a duration could fail are refused."""
    assert check_instant(FIRST_AT) == FIRST_AT
    for outside in (LAST_AT, datetime.max.replace(tzinfo=UTC)):
        with pytest.raises(UsageError, match="not between the years 1970 and 2200"):
            check_instant(outside)


@pytest.mark.parametrize(
    ("program", "packed"),
    [
        ("zcat", gzip.compress(line().encode())),
        ("xzcat", lzma.compress(line().encode())),
        ("bzcat", bz2.compress(line().encode())),
        ("zstdcat", bytes.fromhex("28b52ffd0458")),
    ],
    # What is packed holds the time of day.
    ids=["gzip", "xz", "bzip2", "zstd"],
)
def test_what_unpacks_a_compressed_trace_is_said(program: str, packed: bytes) -> None:
    """Rather than that it is no JSON."""
    with pytest.raises(UsageError, match="trace is compressed") as caught:
        read(packed)
    assert f": {program} TRACE | voxguard simulate -" in (caught.value.hint or "")
