"""How thoroughly properties are searched: `fast` by default, `nightly` by HYPOTHESIS_PROFILE=nightly.

The fast profile draws the same examples every time, so that a change is judged by the change alone;
the nightly one looks for new ones. No example has a deadline: kernels compile on first use.
"""

import os

from hypothesis import settings

settings.register_profile("fast", deadline=None, derandomize=True)
settings.register_profile("nightly", deadline=None, max_examples=1000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))
