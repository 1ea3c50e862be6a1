"""Notify: who is told what, by which channel, and proof that it was."""
