"""Compiled kernels take their time at first use, so properties are tested without a deadline."""

import sys
from pathlib import Path

from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent.parent))  # for plain_challenge
settings.register_profile("compiled", deadline=None)
settings.load_profile("compiled")
