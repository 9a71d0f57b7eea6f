"""One function a picture: result → Vega-Lite spec, the table behind it, one sentence."""
