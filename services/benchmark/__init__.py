"""Benchmarks: ledger, cells, standings and explanations, exact and incremental."""
