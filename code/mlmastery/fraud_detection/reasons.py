"""Names of features in an analyst's words.

>>> in_words("terminal_risk_30d")
'share of frauds at this terminal, 30 days'
"""

from __future__ import annotations

from .features import WINDOW_DAYS

__all__ = ["REASONS", "in_words"]

REASONS = {
    "amount": "the amount",
    "weekend": "a weekend",
    "night": "night",
    "card_count_1h": "payments of this card, 1 hour",
    "hours_since_last": "time since the card's last payment",
    "amount_ratio": "the amount against the card's habit",
    "home_distance": "distance from the card's home",
    "last_distance": "distance from the card's last payment",
    "speed": "speed needed since the card's last payment",
}
for _days in WINDOW_DAYS:
    _window = "1 day" if _days == 1 else f"{_days} days"
    REASONS |= {
        f"card_count_{_days}d": f"payments of this card, {_window}",
        f"card_mean_{_days}d": f"mean amount of this card, {_window}",
        f"terminal_count_{_days}d": f"known payments at this terminal, {_window}",
        f"terminal_risk_{_days}d": f"share of frauds at this terminal, {_window}",
    }


def in_words(feature: str) -> str:
    """Return what a feature means; an unknown name stays as it is.

    Examples
    --------
    >>> in_words("speed")
    "speed needed since the card's last payment"
    """
    return REASONS.get(feature, feature)
