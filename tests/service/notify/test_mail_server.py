"""Mail to a real SMTP server: encrypted or not at all, tried again, given up, never lost, never two."""

from pathlib import Path
from typing import Any

import pytest

from services.chassis.config import ConfigurationError, load
from services.notify import delivering
from services.notify.answers import Attempt
from services.notify.app import Settings
from services.notify.mail_channels import Server, SmtpPost
from tests.service.notify import mail_server, running
from tests.service.notify.mail_server import DROP, HANG, receiving
from tests.service.notify.receiver import until
from tests.service.notify.running import DELIVERED, EXHAUSTED, FAILED, assessed

MAIL = b"Message-ID: <n-1@example.com>\r\nSubject: x\r\n\r\ntext\r\n"
DAY = "2026-11-25T10:00:00+00:00"  # a Wednesday, eleven in Copenhagen


@pytest.fixture(scope="module")
def cert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return mail_server.certificate(tmp_path_factory.mktemp("cert"))


async def _send(port: int, *, tls: Any = "starttls", ca: Path | str = "", timeout: float = 5, **who: str) -> Attempt:
    known = {"username": "", "password": ""} | who
    post = SmtpPost(Server("127.0.0.1", port, tls, ca_file=str(ca), timeout_seconds=timeout, **known))
    return await post.send(MAIL, notification_id="n-1", sender="noegletal@example.com", recipient="anna@example.com")


def _settings(server: mail_server.MailServer, ca: Path | None) -> dict[str, Any]:
    given = {"smtp_host": "127.0.0.1", "smtp_port": server.port, "mail_from": "noegletal@example.com"}
    secure = {"smtp_ca_file": str(ca)} if ca else {"smtp_tls": "none"}
    return given | secure | {"mail_links": "https://noegletal.example.com", "smtp_timeout_seconds": 2}


def _notify(folder: Path, server: mail_server.MailServer, ca: Path | None = None) -> Any:
    return running.running(folder, **_settings(server, ca))


async def test_mail_goes_out_over_starttls(cert: Path) -> None:
    async with receiving(cert=cert) as server:
        assert await _send(server.port, ca=cert) == Attempt(True, "SMTP 250")

    assert (server.secured, server.raw) == ([True], [MAIL])


async def test_without_tls_nothing_is_said(cert: Path) -> None:
    async with receiving() as plain:
        stripped = await _send(plain.port, ca=cert)
    async with receiving(cert=cert) as stranger:
        untrusted = await _send(stranger.port)

    assert stripped == Attempt(False, "no TLS", ours=True)
    assert not untrusted.delivered
    assert not untrusted.abort
    assert plain.got + stranger.got == []


async def test_tls_can_be_told_off() -> None:
    async with receiving() as server:
        assert (await _send(server.port, tls="none")).delivered

    assert server.secured == [False]


async def test_name_and_password_go_out_encrypted_and_a_wrong_one_gives_no_mail_up(cert: Path) -> None:
    async with receiving(cert=cert, auth=True) as server:
        right = await _send(server.port, ca=cert, username="notify", password="right")
        wrong = await _send(server.port, ca=cert, username="notify", password="wrong")

    assert right.delivered
    assert wrong == Attempt(False, "SMTP 535 to us", ours=True)
    assert len(server.got) == 1


@pytest.mark.parametrize(
    ("answer", "at_rcpt", "expected"),
    [
        ("451 later", False, Attempt(False, "SMTP 451", ours=True)),
        ("450 greylisted", True, Attempt(False, "SMTP 450", ours=True)),
        ("554 spam", False, Attempt(False, "SMTP 554", abort=True)),
        ("550 nobody of that name", True, Attempt(False, "SMTP 550", abort=True)),
        (HANG, False, Attempt(False, "no answer in time", ours=True)),
    ],
)
async def test_what_a_server_answers(answer: str, at_rcpt: bool, expected: Attempt) -> None:
    async with receiving(answer, at_rcpt=at_rcpt) as server:
        assert await _send(server.port, tls="none", timeout=0.5) == expected


async def test_nobody_there_is_a_failure() -> None:
    async with receiving() as server:
        pass

    assert (await _send(server.port, tls="none")).detail.startswith("not reached: ")


async def test_a_mail_put_off_comes_later_and_a_refused_one_is_given_up(tmp_path: Path) -> None:
    async with receiving("451 later", "250 OK", "550 no") as server, _notify(tmp_path, server) as notify:
        running.at(notify, DAY)
        endpoint_id = await notify.mailbox()
        await notify.deliver("submission-assessed", assessed())
        [first] = await until(lambda: notify.ended(endpoint_id, DELIVERED))
        await notify.deliver("submission-assessed", running.by_file(assessed(submission="s-2")))
        found = await until(lambda: running.outcomes(notify, endpoint_id, [DELIVERED, EXHAUSTED]))
        told = [t.message for t in await notify.announced()]

    assert (first.attempts, first.detail) == (2, "SMTP 250")
    assert (found[1].attempts, found[1].detail) == (1, "SMTP 550")
    assert [t.outcome for t in told] == [FAILED, DELIVERED, EXHAUSTED]  # type: ignore[union-attr]
    assert server.got[0]["Message-ID"] == server.got[1]["Message-ID"] == f"<{first.notification_id}@example.com>"
    assert server.raw[0] == server.raw[1]


async def test_a_connection_cut_after_the_data_costs_a_second_mail_with_the_same_id(tmp_path: Path, cert: Path) -> None:
    async with receiving(DROP, "250 OK", cert=cert) as server, _notify(tmp_path, server, cert) as notify:
        running.at(notify, DAY)
        endpoint_id = await notify.mailbox()
        await notify.deliver("submission-assessed", assessed())
        [delivery] = await until(lambda: notify.ended(endpoint_id, DELIVERED))

    assert [m["Message-ID"] for m in server.got] == [f"<{delivery.notification_id}@example.com>"] * 2
    assert server.raw[0] == server.raw[1]
    assert server.secured == [True, True]


async def test_killed_between_sending_and_recording_the_same_mail_is_sent_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded = delivering.Deliveries._record

    def lost(*_: object) -> None:
        raise SystemError("the process died here")

    async with receiving() as server:
        given = _settings(server, None) | {"smtp_timeout_seconds": 0.5, "delivery_lease_seconds": 0.1}
        given |= {"webhook_timeout_seconds": 0.2}
        monkeypatch.setattr(delivering.Deliveries, "_record", lost)
        async with running.running(tmp_path, **given) as notify:
            endpoint_id = await notify.mailbox()
            await notify.deliver("submission-assessed", running.by_file(assessed()))
            await until(lambda: server.got)
        monkeypatch.setattr(delivering.Deliveries, "_record", recorded)
        async with running.running(tmp_path, **given) as notify:
            [delivery] = await until(lambda: notify.ended(endpoint_id, DELIVERED))

    assert len(server.got) >= 2
    assert {m["Message-ID"] for m in server.got} == {f"<{delivery.notification_id}@example.com>"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"SMTP_HOST": "mail.example.com", "MAIL_LINKS": "https://x.example.com"}, "MAIL_FROM"),
        ({"SMTP_HOST": "mail.example.com", "MAIL_FROM": "a@example.com"}, "MAIL_LINKS"),
        (
            {"SMTP_HOST": "mail.example.com", "MAIL_FROM": "a@example.com", "MAIL_LINKS": "http://x.example.com"},
            "MAIL_LINKS",
        ),
        ({"SMTP_TLS": "none", "SMTP_USERNAME": "notify"}, "SMTP_USERNAME"),
        ({"SMTP_TLS": "maybe"}, "SMTP_TLS"),
        ({"MAIL_FROM": "nobody"}, "MAIL_FROM"),
    ],
)
def test_settings_that_would_send_no_mail_are_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, given: dict[str, str], said: str
) -> None:
    needed = {"KAFKA": "127.0.0.1:1", "DATABASE": "sqlite://", "LOG_CHANNEL_DIR": str(tmp_path)}
    for name, value in (needed | given).items():
        monkeypatch.setenv(f"NOEGLETAL_{name}", value)

    with pytest.raises(ConfigurationError, match=f"NOEGLETAL_{said}: "):
        load(Settings)


def test_a_password_is_read_from_its_file_and_shown_nowhere(tmp_path: Path) -> None:
    (tmp_path / "word").write_text("s3cret-canary\n")
    given = running.settings(tmp_path, smtp_password_file=tmp_path / "word", smtp_password="other-canary")

    assert given.server.password == "s3cret-canary"
    assert "canary" not in repr(given) + repr(given.server) + str(SmtpPost(given.server))
