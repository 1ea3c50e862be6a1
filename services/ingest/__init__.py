"""Ingest: the doors, the log of record, receipts, units and keys."""
