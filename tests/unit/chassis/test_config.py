"""Settings: what is unset, unreadable and unknown is told in one message."""

import pytest

from services.chassis.config import ConfigurationError, ServiceSettings, load


def _environment(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in values.items():
        monkeypatch.setenv(name, value)


def test_every_fault_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    _environment(monkeypatch, NOEGLETAL_KAFKA="localhost:9092", NOEGLETAL_DATABSE="x", NOEGLETAL_BATCH_RECORDS="many")

    with pytest.raises(ConfigurationError) as refused:
        load(ServiceSettings)

    text = str(refused.value)
    assert "NOEGLETAL_DATABASE is not set" in text
    assert "NOEGLETAL_DATABSE is not a setting here, did you mean NOEGLETAL_DATABASE?" in text
    assert "NOEGLETAL_BATCH_RECORDS: Input should be a valid integer" in text
    assert text.startswith("NT-9001")


def test_sufficient_settings_load_and_the_cache_folder_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    _environment(monkeypatch, NOEGLETAL_KAFKA="k:1", NOEGLETAL_DATABASE="sqlite://", NOEGLETAL_CACHE="c")

    settings = load(ServiceSettings)

    assert (settings.kafka, settings.database, settings.grpc) == ("k:1", "sqlite://", "127.0.0.1:0")
