"""What back-tests, comparisons of methods, sensitivity, levers and scenarios give."""

from __future__ import annotations

from westphalia.labels.label import Label

DOUBT = (
    Label("difference", "forecast with the changes minus forecast without, draw by draw", "scale points"),
    Label("forecast_quantile", "outcome below which the share of possible outcomes lies", "scale points"),
    Label("spread", "standard deviation of outcomes before they are cut at the ends", "scale points", 0.0),
    # back-tests
    Label("known_outcome", "what was decided", "scale points"),
    Label("mae", "mean absolute error", "per cent of scale", 0.0),
    Label("rmse", "root of the mean squared error", "per cent of scale", 0.0),
    Label("crps", "continuous ranked probability score", "per cent of scale", 0.0),
    Label("coverage", "share of outcomes that the central interval holds", "1", 0.0, 1.0),
    Label("interval_width", "mean width of the central interval", "per cent of scale", 0.0),
    Label("skill", "CRPS saved against the default method's, as a share of it", "1"),
    Label("skill_low", "lower end of the skill's 95 % interval", "1"),
    Label("skill_high", "upper end of the skill's 95 % interval", "1"),
    Label("issues", "issues that were scored", "1", 0.0),
    Label("proposals", "proposals they belong to", "1", 0.0),
    # agreement of methods
    Label("centre", "mean of the method's draws", "scale points"),
    Label("spread_between", "standard deviation of the methods' centres", "scale points", 0.0),
    Label(
        "spread_within", "standard deviation of the draws of a method, over all methods", "scale points", 0.0
    ),
    Label("method_share", "share of the variance that is due to the choice of method", "1", 0.0, 1.0),
    Label("apart", "how far the draws of one method must move to be those of another", "scale points", 0.0),
    Label("apart_share", "the same as a share of the length of the scale", "1", 0.0),
    Label("apart_drawn", "mean distance of two methods on the same draw", "scale points", 0.0),
    # sensitivity
    Label("answer_mean", "mean over the draws", "the answer's own"),
    Label("variance", "variance over the draws", "square of the answer's own", 0.0),
    Label(
        "interval_width", "width of the interval that holds the middle 80 % of draws", "the answer's own", 0.0
    ),
    Label("first_order", "share of the variance that would go if the group were known exactly", "1"),
    Label("first_order_error", "half the 95 % interval of the share", "1", 0.0),
    Label("total_order", "share of the variance that would stay if all but the group were known", "1"),
    Label("total_order_error", "half the 95 % interval of the share", "1", 0.0),
    Label(
        "variance_cut", "variance that would go if the group were known exactly", "square of the answer's own"
    ),
    Label("interval_cut", "width the 80 % interval would lose if the number were known", "the answer's own"),
    Label("unknown_count", "numbers that the group holds", "1", 0.0),
    Label("effect", "mean change of the answer over the range of the unknown", "the answer's own"),
    Label("effect_size", "mean size of that change", "the answer's own", 0.0),
    Label("effect_size_error", "half the 95 % interval of the mean size", "the answer's own", 0.0),
    Label("effect_spread", "standard deviation of the change: curved or entangled", "the answer's own", 0.0),
    # levers on forecasts
    Label("is_own", "the change is the actor's own to make, all others are persuasion", "boolean"),
    Label("is_one_way", "the forecast moved one way all along the search", "boolean"),
    Label("lever_forecast", "expected outcome after the change", "scale points"),
    Label("suffices_probability", "share of draws in which the change is enough", "1", 0.0, 1.0),
    Label("holds_probability", "share of draws in which the outcome comes without any change", "1", 0.0, 1.0),
)
