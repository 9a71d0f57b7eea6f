"""Domains and profiles of other negotiation tools as deal inputs, and back (docs/formats.md)."""
