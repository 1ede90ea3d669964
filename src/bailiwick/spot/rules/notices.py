"""What the desk does about notices that did not arrive (N-2). Pure."""

from enum import StrEnum


class Refusal(StrEnum):
    NOTHING_TO_TRY = "notice_nothing_to_try"
