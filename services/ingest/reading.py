"""What a file is, by its first bytes, and the reader it goes to. Pure."""

import re

from services.ingest import csv_text, workbook
from services.ingest.table import FILE_BYTES, FileFault, Table

OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # before 2007, and every workbook behind a password
OTHERS = (
    (b"%PDF", ".pdf"),
    (b"{\\rtf", ".rtf"),
    (b"\x1f\x8b", ".gz"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"\x89PNG", ".png"),
    (b"7z\xbc\xaf", ".7z"),
    (b"Rar!", ".rar"),
)
MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|\?xml|table|style)", re.I)


def read(data: bytes) -> Table:
    """A file's sheets. Raises FileFault, and nothing else whatever the bytes are."""
    if len(data) > FILE_BYTES:
        raise FileFault("NT-1101", size=f"{len(data) / 2**20:.1f}", most=str(FILE_BYTES // 2**20))
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise FileFault("NT-1102")
    if data.startswith(b"PK"):
        return workbook.read(data)
    if data.startswith(OLE):
        encrypted = "EncryptedPackage".encode("utf-16-le") in data
        raise FileFault("NT-1105") if encrypted else FileFault("NT-1104", kind=".xls")
    kind = next((kind for start, kind in OTHERS if data.startswith(start)), "")
    if kind or MARKUP.match(data[:200]):
        raise FileFault("NT-1104", kind=kind or "HTML/XML")
    return csv_text.read(data)
