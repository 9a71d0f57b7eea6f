"""Westphalia."""
