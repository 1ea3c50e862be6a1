"""`noegletal explain-code`: readable in both languages, whole as JSON, and what is near where there is no such code."""

import json

import pytest

from services.cli import show
from services.cli.talk import Exit, Stop, Talk


@pytest.mark.parametrize("asked", ["NT-2003", "nt-2003", "2003"])
def test_a_code_is_explained_with_its_example(asked: str, capsys: pytest.CaptureFixture[str]) -> None:
    show.explain_code(asked, Talk(), "en")
    said = capsys.readouterr().out.splitlines()
    assert said == [
        "NT-2003",
        "  Message  ‹data_point›: ‹value› is negative. Correct the number.",
        "  Cause    A quantity cannot be below zero.",
        "  Remedy   Correct the number and send a new revision.",
        "  Example  konto_114 = -420000. Costs are written without a minus: 420000.",
    ]


def test_long_texts_are_wrapped_under_their_heading(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    show.explain_code("NT-2021", Talk(), "da")
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 60
    assert any(line.startswith("  Det gør I  Se tallene") for line in lines)


def test_json_has_every_text_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    show.explain_code("NT-2016", Talk(as_json=True), "en")
    said = json.loads(capsys.readouterr().out)
    assert said["code"] == "NT-2016"
    for text in ("message", "cause", "remedy", "example"):
        assert set(said[text]) == {"da", "en"}


@pytest.mark.parametrize("asked", ["NT-203", "NT-9999", "x"])
def test_an_unknown_code_is_told_what_is_near(asked: str) -> None:
    with pytest.raises(Stop, match=r"NT-9205.*Did you mean.*NT-") as stop:
        show.explain_code(asked, Talk(), "en")
    assert stop.value.code is Exit.USAGE
