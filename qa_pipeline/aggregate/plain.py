"""Figures as plain data for JSON: fields and one-value properties; an infinite size is null."""

import math
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any


def plain(figure: Any) -> Any:
    """Return a figure as dictionaries, lists and scalars.

    Properties that hold one value (`n_decided`, `direction`, ...) stand beside the fields.
    """
    if is_dataclass(figure) and not isinstance(figure, type):
        shown = {field.name: plain(getattr(figure, field.name)) for field in fields(figure)}
        for name, member in vars(type(figure)).items():
            if isinstance(member, property) and _is_scalar(value := getattr(figure, name)):
                shown[name] = plain(value)
        return shown
    if isinstance(figure, tuple | list):
        return [plain(item) for item in figure]
    if isinstance(figure, date):
        return figure.isoformat()
    if isinstance(figure, float) and not math.isfinite(figure):
        return None
    return figure


def _is_scalar(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float)
