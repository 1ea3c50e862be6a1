"""Settings of mail: which server, under which name, and where links lead. A service's settings include them."""

from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, ValidationInfo, field_validator

from services.chassis.config import ServiceSettings
from services.notify import mail_message
from services.notify.mail_channels import Server, Tls

LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "::1")
FETCH_SECONDS = 20.0  # for a marked workbook
OURSELVES = "noegletal@outbox.localhost"  # who mails in the outbox come from


class MailSettings(ServiceSettings):
    """Mail goes to an SMTP server, or where none is named to a folder the outbox page shows; with neither there is none.

    `mail_links`: the address of this service as readers reach it; links that stop messages begin with it.
    `ingest` with a key of an operator: where the sender's workbook is had, marked; without, the mail says how to have it.
    """

    smtp_host: str = ""
    smtp_port: int = 587
    smtp_tls: Tls = "starttls"
    smtp_username: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_password_file: Path | None = None
    smtp_ca_file: str = ""
    smtp_timeout_seconds: float = 20.0
    mail_from: str = Field("", validate_default=True)
    mail_links: str = Field("", validate_default=True)
    mail_outbox_dir: Path | None = None
    ingest: str = ""
    ingest_key: SecretStr = SecretStr("")
    ingest_key_file: Path | None = None

    @field_validator("smtp_username")
    @classmethod
    def _not_in_the_clear(cls, value: str, info: ValidationInfo) -> str:
        if value and info.data.get("smtp_tls") == "none":
            raise ValueError("a name and password are not sent without TLS")
        return value

    @field_validator("mail_from")
    @classmethod
    def _an_address(cls, value: str, info: ValidationInfo) -> str:
        if value or info.data.get("smtp_host"):
            try:
                mail_message.sender(value)
            except ValueError:
                raise ValueError("must be an address, such as Name <noegletal@example.com>") from None
        return value

    @field_validator("mail_links")
    @classmethod
    def _over_https(cls, value: str, info: ValidationInfo) -> str:
        local = info.data.get("smtp_host") in ("", *LOOPBACK) and value.startswith("http://")
        needed: Any = info.data.get("smtp_host")
        if (value or needed) and not value.startswith("https://") and not local:
            raise ValueError("must begin with https://, so that one click can stop messages (RFC 8058)")
        return value.rstrip("/")

    @property
    def sender(self) -> mail_message.Sender:
        """Who mails come from."""
        return mail_message.sender(self.mail_from or OURSELVES)

    @property
    def outbox(self) -> Path | None:
        """The folder the outbox page shows: only without an SMTP server, and only to this machine itself."""
        listens_here = self.http.rpartition(":")[0] in LOOPBACK
        return self.mail_outbox_dir if listens_here and not self.smtp_host else None

    @property
    def mail_seconds(self) -> float:
        """How long an attempt at a mail may take; 0 where none goes over the network."""
        fetching = FETCH_SECONDS if self.ingest else 0.0
        return fetching + (self.smtp_timeout_seconds if self.smtp_host else 0.0)

    @property
    def server(self) -> Server:
        """The SMTP server, with the password from where it is kept."""
        to = (self.smtp_host, self.smtp_port, self.smtp_tls, self.smtp_username)
        password = _secret(self.smtp_password_file, self.smtp_password)
        return Server(*to, password, self.smtp_ca_file, self.smtp_timeout_seconds)

    @property
    def operator_key(self) -> str:
        """The key ingest is asked with; empty: it is not asked."""
        return _secret(self.ingest_key_file, self.ingest_key)


def _secret(file: Path | None, given: SecretStr) -> str:
    return file.read_text().strip() if file else given.get_secret_value()
