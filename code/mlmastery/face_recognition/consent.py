"""The record that a person agrees to be recognised: who, when, to what, until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

__all__ = ["Consent", "ConsentError"]


class ConsentError(ValueError):
    """Nobody has recorded that the person agrees."""


@dataclass(frozen=True)
class Consent:
    """Record of who agreed, when, to what and until when.

    Parameters
    ----------
    given_by : str
        The person, or who may decide for the person.
    on : datetime.date
    purpose : str
    until : datetime.date
        The last day on which the person is recognised; not before ``on``.

    Raises
    ------
    ConsentError
        If a field is empty or the last day lies before the first.

    Examples
    --------
    >>> Consent("Ada", date(2026, 1, 5), "", date(2027, 1, 5))
    Traceback (most recent call last):
        ...
    mlmastery.face_recognition.consent.ConsentError: consent must name a purpose, got ''
    """

    given_by: str
    on: date
    purpose: str
    until: date

    def __post_init__(self) -> None:
        for field in ("given_by", "purpose"):
            value = getattr(self, field)
            readable = isinstance(value, str) and value.isprintable()
            if not (readable and value.strip()):
                raise ConsentError(f"consent must name a {field}, got {value!r}")
        for field in ("on", "until"):
            value = getattr(self, field)
            # A datetime is a date too, and cannot be compared with one.
            if not isinstance(value, date) or isinstance(value, datetime):
                raise ConsentError(
                    f"consent must have a date without a time in {field}, got {value!r}"
                )
        if self.until < self.on:
            raise ConsentError(f"consent must not end before it begins: {self.until}")
