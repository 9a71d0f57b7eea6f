"""Spatial forecasts: from positions, salience and capability to an outcome on each issue."""
