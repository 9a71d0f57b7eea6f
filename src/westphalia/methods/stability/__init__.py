"""Stability: the graph model for conflict resolution."""
