"""How a person is named where their account may be gone one day."""

from __future__ import annotations

from typing import Any


def name_of(user: Any) -> str:
    return str(user.get_username())[:200] if user is not None else ""
