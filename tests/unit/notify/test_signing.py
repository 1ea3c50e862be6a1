"""Signatures by the vectors others are held to, and keys as the specification writes them; sealed at rest."""

import base64
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from services.notify.sealing import Seal, WrongKey
from services.notify.signing import ED25519, HMAC_SHA256, headers, new_key, signature

AT = datetime.fromtimestamp(1614265330, UTC)
ID, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", '{"test": 2432232314}'
# The vectors of the Standard Webhooks libraries (v1) and of Svix (v1a), which the specification's example shows.
V1 = ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
V1A = (
    "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==",
    "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==",
)


@pytest.mark.parametrize(("secret", "expected"), [V1, V1A], ids=["v1", "v1a"])
def test_known_signatures(secret: str, expected: str) -> None:
    assert signature(BODY, ID, secret, AT) == expected


def test_every_key_signs_newest_first() -> None:
    sent = headers(BODY, ID, [V1A[0], V1[0]], AT)

    assert sent["webhook-signature"] == f"{V1A[1]} {V1[1]}"
    assert (sent["webhook-id"], sent["webhook-timestamp"]) == (ID, "1614265330")


def test_keys_are_written_as_the_specification_says_and_never_shown() -> None:
    seed = base64.b64decode(V1A[0].removeprefix("whsk_"))[:32]
    private, shared = new_key(ED25519, seed), new_key(HMAC_SHA256, bytes(range(32)))

    assert (private.secret, private.public) == (V1A[0], "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=")
    assert (shared.secret[:6], len(base64.b64decode(shared.secret[6:])), shared.public) == ("whsec_", 32, "")
    assert private.secret not in repr(private)
    signed = base64.b64decode(signature("æ", "n-1", private.secret, AT).removeprefix("v1a,"))
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(private.public.removeprefix("whpk_")))
    public.verify(signed, "n-1.1614265330.æ".encode())  # raises if it is not right


def test_a_key_file_is_made_when_needed_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "secrets.key"
    seal = Seal(path)
    assert not path.exists()

    sealed = seal.close("whsec_x")

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in path.parent.iterdir()] == ["secrets.key"]
    assert "whsec" not in sealed
    assert Seal(path).open(sealed) == "whsec_x"


def test_an_older_key_in_the_file_still_opens(tmp_path: Path) -> None:
    path = tmp_path / "secrets.key"
    sealed = Seal(path).close("whsec_x")
    path.write_bytes(Fernet.generate_key() + b"\n" + path.read_bytes())

    assert Seal(path).open(sealed) == "whsec_x"


@pytest.mark.parametrize(
    "content", [None, b"", b"no key\n", Fernet.generate_key()], ids=["gone", "empty", "text", "other"]
)
def test_another_key_file_is_refused_and_none_is_made(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "secrets.key"
    sealed = Seal(path).close("whsec_x")
    path.unlink()
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(WrongKey, match="NT-4052"):
        Seal(path).open(sealed)
    assert path.exists() == (content is not None)
