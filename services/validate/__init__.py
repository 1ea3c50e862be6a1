"""Validation: verdicts and findings on submissions, and the key figures that stand."""
