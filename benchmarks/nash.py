"""Nash bargaining: cost against draws, parties and issues, and how often it converges."""

from __future__ import annotations

from timing import made_up, seconds, show

from westphalia.methods.spatial.nash import SPEC


def main() -> None:
    """Time whole packages on one thread."""
    rows = []
    for draws, parties, issues in [(2_000, 3, 2), (2_000, 5, 8), (10_000, 5, 8), (200, 5, 20), (200, 5, 40)]:
        data = made_up(draws, parties, issues)
        inputs = {name: data[name] for name in SPEC.inputs}
        for loss in ("linear", "quadratic"):
            result = SPEC.run(**inputs, loss=loss)
            taken = seconds(lambda i=inputs, at=loss: SPEC.run(**i, loss=at), 2)
            shares = [f"{100 * float(result[name].mean()):.1f} %" for name in ("is_settled", "converged")]
            rows.append((draws, parties, issues, loss, taken, *shares, float(result["residual"].max())))
    show(("draws", "parties", "issues", "loss", "seconds", "settled", "converged", "largest residual"), rows)


if __name__ == "__main__":
    main()
