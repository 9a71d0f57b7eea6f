"""Networks of actors and issues: from statements, and from positions."""
