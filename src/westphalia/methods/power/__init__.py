"""Power: voting rules and indices, coalitions, win sets."""
