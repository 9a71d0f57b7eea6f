"""Made-up past decisions: actors with positions and outcomes drawn by a known rule, as files of a folder."""

from __future__ import annotations

import numpy as np

ACTORS = ("north", "south", "east", "west", "middle")


def write(folder, proposals=20, issues=3, seed=0):
    """Write issues.csv and power.csv; outcomes scatter about the weighted mean, as far as positions do."""
    rng = np.random.default_rng(seed)
    head = ["issue", "proposal", "wave", "rp", "outcome"]
    lines = [",".join([*head, *(f"p_{a}" for a in ACTORS), *(f"s_{a}" for a in ACTORS)])]
    for at in range(proposals * issues):
        x = rng.choice([0, 20, 50, 80, 100], len(ACTORS))
        s = rng.integers(20, 100, len(ACTORS))
        outcome = np.clip(rng.normal((s * x).sum() / s.sum(), x.std()), 0, 100).round(1)
        row = [f"i{at}", f"p{at // issues}", "ab"[at % 2], "0", str(outcome), *map(str, x), *map(str, s)]
        lines.append(",".join(row))
    (folder / "issues.csv").write_text("# made up\n" + "\n".join(lines) + "\n")
    power = [f"{wave},{actor},1" for wave in "ab" for actor in ACTORS]
    (folder / "power.csv").write_text("\n".join(["wave,actor,capability", *power]) + "\n")
    return folder
