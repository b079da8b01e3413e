import json

import pytest

from voxguard.cli import render


def test_machine_formats_go_to_standard_output_alone(capsys: pytest.CaptureFixture[str]) -> None:
    """JSON can be read back from standard output, names as they are written."""
    render.write_json({"name": "Ülo [x]"}, indent=None)
    shown = capsys.readouterr()
    assert shown.out == '{"name": "Ülo [x]"}\n'
    assert json.loads(shown.out) == {"name": "Ülo [x]"}
    assert shown.err == ""


def test_messages_go_to_standard_error_alone(capsys: pytest.CaptureFixture[str]) -> None:
    """Errors, hints and warnings never mix with an answer."""
    render.write_error("it broke", "mend it")
    render.write_warning("it creaks")
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == "error: it broke\nhint: mend it\nwarning: it creaks\n"


def test_messages_are_not_markup_and_not_folded(capsys: pytest.CaptureFixture[str]) -> None:
    """What a user wrote is shown as it is, in one line however long it is."""
    text = "[red]" + "x" * 500
    render.write_error(text)
    assert capsys.readouterr().err == f"error: {text}\n"


def test_control_characters_are_shown_as_escapes(capsys: pytest.CaptureFixture[str]) -> None:
    """A name in a policy cannot steer the terminal of who reads the error."""
    render.write_error("\x1b]0;owned\x07 \u202e")
    assert capsys.readouterr().err == "error: \\x1b]0;owned\\x07 \\u202e\n"


def test_a_piped_table_is_plain_and_whole(capsys: pytest.CaptureFixture[str]) -> None:
    """In a pipe a table is aligned columns, nothing of it cut, drawn, or filled up with blanks."""
    render.write_table(["rule", "members"], [["night", "3"], ["x" * 300, "1"]])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["rule", "members"]
    assert lines[1].split() == ["night", "3"]
    assert lines[2].split() == ["x" * 300, "1"]
    assert [line.rstrip() for line in lines] == lines


def test_a_table_on_a_terminal_is_framed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On a terminal a table has a frame."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    render.write_table(["rule"], [["night"]])
    assert "│ night │" in capsys.readouterr().out


def test_no_color_is_honoured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """NO_COLOR takes the colours away on a terminal too."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    render.write_error("it broke")
    assert "\x1b[1;31m" in capsys.readouterr().err
    monkeypatch.setenv("NO_COLOR", "1")
    render.write_error("it broke")
    assert "31m" not in capsys.readouterr().err


def test_notes_go_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    """Standard output stays free for what a program reads."""
    render.write_note("it went well")
    assert capsys.readouterr() == ("", "note: it went well\n")


def test_answers_for_people_go_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    """The console for answers writes to standard output."""
    render.output().print("fine")
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("fine\n", "")
