"""Receivers of every temper, and addresses nothing is sent to. Real connections on loopback."""

import asyncio
import socket
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from services.notify.answers import Attempt
from services.notify.channels import DeniedAddress, JudgingResolver, SystemLookup, Webhooks
from tests.service.notify import receiver, running
from tests.service.notify.receiver import raw, receiving, status, until
from tests.service.notify.running import DELIVERED, EXHAUSTED, assessed

SECRET = "whsec_" + "A" * 44
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
V4, V6 = socket.AF_INET, socket.AF_INET6


class Names:
    """A name server of our own: each question takes the next answer, the last one stays."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers, self.asked = list(answers), 0

    async def __call__(self, host: str, port: int) -> Sequence[tuple[int, str]]:
        answer = self.answers[min(self.asked, len(self.answers) - 1)]
        self.asked += 1
        return [(V6 if ":" in address else V4, address) for address in answer]


async def _send(url: str, *, timeout: float = 5, private: bool = True, lookup: Names | None = None) -> Attempt:
    webhooks = Webhooks(allow_private=private, allow_http=True, timeout_seconds=timeout, lookup=lookup)
    try:
        return await webhooks.send(url, "{}", notification_id="n-1", secrets=[SECRET], at=NOW)
    finally:
        await webhooks.close()


async def test_a_redirect_is_not_followed() -> None:
    async with receiving() as inner, receiving(status(307, location=inner.url)) as hook:
        attempt = await _send(hook.url)

    assert (attempt, inner.got) == (Attempt(False, "HTTP 307"), [])


async def test_no_body_is_waited_for_or_kept() -> None:
    for answer in (receiver.endless, receiver.silent_body):
        async with receiving(answer) as hook:
            assert await _send(hook.url, timeout=20) == Attempt(True, "HTTP 200")


async def test_a_receiver_that_hangs_costs_its_time_and_no_more() -> None:
    async with receiving(receiver.hang) as hook:
        assert await _send(hook.url, timeout=0.2) == Attempt(False, "no answer in time")


async def test_a_name_server_that_hangs_costs_its_time_and_no_more() -> None:
    async def never(host: str, port: int) -> Sequence[tuple[int, str]]:
        await asyncio.Event().wait()
        return []

    webhooks = Webhooks(allow_private=True, allow_http=True, timeout_seconds=0.2, lookup=never)
    sent = await webhooks.send("http://hook.example/", "{}", notification_id="n", secrets=[SECRET], at=NOW)
    fault = await webhooks.fault("http://hook.example/")
    await webhooks.close()

    assert sent == Attempt(False, "no answer in time")
    assert fault == "address.unknown"


async def test_a_connection_that_is_cut_is_a_failure() -> None:
    async with raw(receiver.reset) as url:
        attempt = await _send(url)

    assert not attempt.delivered
    assert attempt.detail.startswith("not reached: ")


async def test_a_head_without_end_is_a_failure() -> None:
    async with raw(receiver.endless_headers) as url:
        attempt = await _send(url, timeout=20)

    assert not attempt.delivered
    assert attempt.detail.startswith("not reached: ")


async def test_nobody_there_is_a_failure() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        attempt = await _send(f"http://127.0.0.1:{taken.getsockname()[1]}/")

    assert attempt == Attempt(False, "not reached: ConnectionRefusedError")


async def test_no_cookie_is_kept_and_no_proxy_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    async with receiving() as proxy, receiving(status(204, set_cookie="who=org-a")) as hook:
        monkeypatch.setenv("http_proxy", proxy.url)
        webhooks = Webhooks(allow_private=True, allow_http=True, timeout_seconds=5)
        for named in ("n-1", "n-2"):
            await webhooks.send(hook.url, "{}", notification_id=named, secrets=[SECRET], at=NOW)
        await webhooks.close()

    assert [("cookie" in g.headers, g.id) for g in hook.got] == [(False, "n-1"), (False, "n-2")]
    assert proxy.got == []


async def test_it_can_be_sent_again_after_closing() -> None:
    async with receiving() as hook:
        webhooks = Webhooks(allow_private=True, allow_http=True, timeout_seconds=5)
        for _ in range(2):
            assert (await webhooks.send(hook.url, "{}", notification_id="n", secrets=[SECRET], at=NOW)).delivered
            await webhooks.close()


SPELLINGS = (
    *("127.0.0.1", "127.0.0.1.", "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001"),
    *("①②⑦.⓪.⓪.①", "localhost", "localhost.", "LOCALHOST", "0.0.0.0", "0", "127.8.8.8"),
    *("[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:7f00:1]"),
    *("[::7f00:1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[::1%25lo]", "[fe80::1%25lo]"),
)


async def test_an_own_address_is_not_sent_to_however_it_is_spelled() -> None:
    async with receiving() as hook:
        for host in SPELLINGS:
            attempt = await _send(hook.url.replace("127.0.0.1", host), private=False)
            assert (attempt.delivered, hook.got) == (False, []), host


@pytest.mark.parametrize("private", [False, True])
async def test_what_nobody_may_reach_stays_so_where_private_addresses_are_allowed(private: bool) -> None:
    for host in (
        "169.254.169.254",
        "0xa9fea9fe",
        "[::ffff:a9fe:a9fe]",
        "100.100.100.200",
        "0.0.0.0",
        "[fd00:ec2::254]",
    ):
        attempt = await _send(f"http://{host}/latest/", private=private)
        assert attempt.detail == "address not allowed", host


async def test_what_is_connected_to_is_what_was_judged() -> None:
    names = Names(["127.0.0.1"], ["169.254.169.254"])  # whoever asked twice would be led elsewhere
    async with receiving() as hook:
        assert (await _send(hook.url.replace("127.0.0.1", "hook.example"), lookup=names)).delivered

    assert names.asked == 1
    assert hook.got[0].headers["host"].startswith("hook.example")


async def test_a_name_that_turns_inward_after_registration_is_not_sent_to(tmp_path: Path) -> None:
    names = Names(["8.8.8.8"], ["127.0.0.1"], ["::ffff:7f00:1"], ["8.8.8.8", "127.0.0.1"])
    async with receiving() as hook:
        given = {"allow_private_addresses": False, "retry_seconds": (0, 0.01, 0.01)}
        async with running.running(tmp_path, names, **given) as notify:
            endpoint_id, _ = await notify.endpoint(hook.url.replace("127.0.0.1", "hook.example"))
            await notify.deliver("submission-assessed", assessed())
            [delivery] = await until(lambda: notify.ended(endpoint_id, EXHAUSTED))

    assert (delivery.detail, delivery.attempts) == ("address not allowed", 3)
    assert (names.asked, hook.got) == (4, [])


async def test_a_certificate_nobody_vouches_for_is_a_failure(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_self_signed(tmp_path / "hook.pem", "hook.example"))
    talked: list[bytes] = []
    server = await asyncio.start_server(lambda r, w: talked.append(b""), "127.0.0.1", 0, ssl=context)
    url = f"https://hook.example:{server.sockets[0].getsockname()[1]}/"
    attempt = await _send(url, lookup=Names(["127.0.0.1"]))
    server.close()

    assert attempt == Attempt(False, "not reached: SSLCertVerificationError")
    assert talked == []


def _self_signed(path: Path, name: str) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(datetime(2020, 1, 1)).not_valid_after(datetime(2100, 1, 1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
    return path


async def test_one_denied_address_among_many_denies_the_name() -> None:
    resolver = JudgingResolver(Names(["8.8.8.8", "10.0.0.1"], ["8.8.8.8", "2606:4700::1111"], []), allow_private=False)

    with pytest.raises(DeniedAddress):
        await resolver.resolve("hook.example", 443)
    assert [r["host"] for r in await resolver.resolve("hook.example", 443)] == ["8.8.8.8", "2606:4700::1111"]
    with pytest.raises(OSError, match="no address"):
        await resolver.resolve("hook.example", 443)


async def test_the_socket_is_the_last_wall() -> None:
    resolver = JudgingResolver(SystemLookup(), allow_private=False)

    with pytest.raises(DeniedAddress):
        resolver.socket_for((V4, socket.SOCK_STREAM, 0, "", ("169.254.169.254", 80)))
    resolver.socket_for((V4, socket.SOCK_STREAM, 0, "", ("8.8.8.8", 80))).close()


async def test_a_huge_answer_is_delivered_through_the_service(tmp_path: Path) -> None:
    async with running.running(tmp_path) as notify, receiving(receiver.endless) as hook:
        endpoint_id, _ = await notify.endpoint(hook.url)
        await notify.deliver("submission-assessed", assessed())
        [delivery] = await until(lambda: notify.ended(endpoint_id, DELIVERED))

    assert (delivery.attempts, len(hook.got)) == (1, 1)
