"""Run methods on a case and stamp on the result where it came from."""
