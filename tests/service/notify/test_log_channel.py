"""The readable log: one text file per organisation, each message in it once."""

import fcntl
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from services.notify import moves
from services.notify.answers import Attempt
from services.notify.channels import write_to_log
from services.notify.kinds import Kind
from services.notify.matching import Match, Subscription
from services.notify.moves import Moved
from services.notify.payload import Due, payload
from services.notify.wording import About
from tests.service.notify import running
from tests.service.notify.receiver import until
from tests.service.notify.running import DELIVERED, assessed, changed


def _body(seq: int = 1) -> str:
    text = {"da": "Æbler: nr. 1 → 2.", "en": "Apples: rank 1 → 2."}
    moved = Moved(About("BS03", "H4567", "all"), "2024", text, {}, 0, "none")
    said = moves.standing_changed("H4567", "2024", [moved], own_submission=True)
    due = Due("org-a", Kind.STANDING_CHANGED, f"ev-{seq}", said, facts={"unit_id": "H4567"})
    match = Match("e1", (Subscription("su-1", "e1"),))
    return payload(due, match, seq=seq, at="2026-11-24T12:00:00.000+00:00")


def _write(folder: Path, name: str = "n-1", seq: int = 1, *, again: bool = False) -> Attempt:
    return write_to_log(folder, "org-a", _body(seq), name, again=again)


def test_an_entry_reads_as_people_write(tmp_path: Path) -> None:
    assert _write(tmp_path / "logs") == Attempt(True, "logged")

    assert (tmp_path / "logs" / "org-a.log").read_text("utf-8").splitlines() == [
        "2026-11-24T12:00:00.000+00:00 noegletal.standing-changed #1",
        "  da: Afdeling H4567 2024: placeringen er ændret",
        "    Æbler: nr. 1 → 2.",
        "    I får beskeden, fordi I selv har indberettet.",
        "    Stop netop denne besked: noegletal subscriptions remove su-1",
        "  en: Unit H4567 2024: standing changed",
        "    Apples: rank 1 → 2.",
        "    You are told because you submitted.",
        "    To stop exactly this message: noegletal subscriptions remove su-1",
        "  [n-1]",
    ]


def test_tried_again_it_is_there_once(tmp_path: Path) -> None:
    _write(tmp_path)
    _write(tmp_path, "n-2", 2)

    assert _write(tmp_path, again=True) == Attempt(True, "logged before")
    assert (tmp_path / "org-a.log").read_text("utf-8").count("[n-1]") == 1


def test_an_entry_cut_short_by_a_crash_is_written_again_whole(tmp_path: Path) -> None:
    _write(tmp_path)
    path = tmp_path / "org-a.log"
    whole = path.read_bytes()
    for cut in (1, 3, len(whole) // 2):
        path.write_bytes(whole[:-cut])
        assert _write(tmp_path, again=True) == Attempt(True, "logged")
        assert path.read_bytes() == whole[:-cut] + b"\n" + whole


def test_entries_do_not_mingle(tmp_path: Path) -> None:
    write: Callable[[int], Attempt] = lambda n: _write(tmp_path, f"n-{n}", n)  # noqa: E731
    with ThreadPoolExecutor(8) as threads:
        assert all(a.delivered for a in threads.map(write, range(1, 41)))

    lines = (tmp_path / "org-a.log").read_text("utf-8").splitlines()
    assert len(lines) == 400
    assert [line.startswith("2026-") for line in lines] == [n % 10 == 0 for n in range(400)]


def test_looking_and_writing_are_one_step_for_whoever_else_writes(tmp_path: Path) -> None:
    _write(tmp_path)
    path = tmp_path / "org-a.log"
    entry = path.read_bytes()
    path.write_bytes(b"")
    with ThreadPoolExecutor(1) as thread, path.open("ab") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        waiting = thread.submit(_write, tmp_path, again=True)
        with pytest.raises(TimeoutError):
            waiting.result(timeout=0.2)
        other.write(entry)
        other.close()

        assert waiting.result(timeout=20) == Attempt(True, "logged before")
    assert path.read_bytes() == entry


def test_a_folder_that_cannot_be_written_is_a_failure_not_a_crash(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert _write(tmp_path / "file" / "logs") == Attempt(False, "not written: NotADirectoryError")


async def test_messages_arrive_in_the_organisations_own_file(tmp_path: Path) -> None:
    async with running.running(tmp_path) as notify:
        ends = {o: (await notify.endpoint(organisation=o))[0] for o in ("org-a", "org-b")}
        for _ in range(2):
            await notify.deliver("submission-assessed", assessed("org-a"), id="ev-1")
            await notify.deliver("standing-changed", changed("org-b"), id="ev-2")
        for organisation, endpoint_id in ends.items():
            await until(lambda e=endpoint_id, o=organisation: notify.ended(e, DELIVERED, o))  # type: ignore[misc]

    assert sorted(os.listdir(tmp_path / "logs")) == ["org-a.log", "org-b.log"]
    mine, other = ((tmp_path / "logs" / f"{o}.log").read_text("utf-8") for o in ends)
    assert (mine.count("noegletal.receipt"), other.count("noegletal.standing-changed")) == (1, 1)
    assert "38173" not in mine
