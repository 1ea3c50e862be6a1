"""Keys open doors as long as they are neither revoked nor expired, and only their own organisation's."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from noegletal.v1 import submission_pb2 as pb

from services.chassis import access
from services.chassis.access import Caller, Denied, Keys, NotAllowed, Role
from services.chassis.database import Database
from services.chassis.outbox import Transaction

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def _granted(**changes: object) -> tuple[str, pb.AccessGranted]:
    key_id, key, kept = access.new_key()
    values = {"key_id": key_id, "secret_sha256": kept, "organisation_id": "org-a", "role": pb.ROLE_SUBMITTER}
    return key, pb.AccessGranted(**(values | changes))


def _keys(tmp_path: Path, *granted: pb.AccessGranted) -> tuple[Keys, Database]:
    database = Database(f"sqlite:///{tmp_path}/a.db", "test")
    database.create(access.metadata)
    keys = Keys()
    with database.begin() as connection:
        transaction = Transaction(connection, NOW, "test")
        for one in granted:
            keys.keep(transaction, one)
    transaction.committed()
    return keys, database


def test_a_key_names_its_caller_also_after_a_restart(tmp_path: Path) -> None:
    key, granted = _granted()
    keys, database = _keys(tmp_path, granted)
    restarted = Keys()
    database.read(restarted.load)

    for known in (keys, restarted):
        assert known.caller(key, NOW) == Caller(granted.key_id, "org-a", Role.SUBMITTER)


def test_wrong_secret_unknown_revoked_and_expired_are_denied_alike(tmp_path: Path) -> None:
    key, granted = _granted()
    revoked_key, revoked = _granted(revoked=True)
    expired_key, expired = _granted()
    expired.expires_at.FromDatetime(NOW - timedelta(seconds=1))
    keys, _ = _keys(tmp_path, granted, revoked, expired)

    for credential in (key + "x", "unknown.secret", "", ".", revoked_key, expired_key, granted.key_id):
        with pytest.raises(Denied):
            keys.caller(credential, NOW)


@pytest.mark.parametrize(
    ("role", "named", "expected"),
    [
        (Role.SUBMITTER, "", "org-a"),
        (Role.SUBMITTER, "org-a", "org-a"),
        (Role.OPERATOR, "org-b", "org-b"),
    ],
)
def test_acting_for(role: Role, named: str, expected: str) -> None:
    assert Caller("k", "org-a", role).acting_for(named) == expected


@pytest.mark.parametrize(("role", "named"), [(Role.SUBMITTER, "org-b"), (Role.READER, ""), (Role.OPERATOR, "")])
def test_acting_for_another_is_not_allowed(role: Role, named: str) -> None:
    with pytest.raises(NotAllowed):
        Caller("k", "org-a", role).acting_for(named)
