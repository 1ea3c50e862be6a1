"""The kinds of message. The numbers are the contract's; a payload's type is the name."""

from enum import IntEnum


class Kind(IntEnum):
    """What a message to a recipient is about."""

    RECEIPT = 1
    STANDING_CHANGED = 2
    REFUSAL = 3
    REMINDER = 4
    QUARTILE_CHANGED = 5
    PEER_GROUP_CHANGED = 6
    DEFINITION_CHANGED = 7
    RELEASE_PUBLISHED = 8
    FIGURE_CORRECTED = 9
    ENDPOINT_FAILING = 10
    DIGEST = 11
    TEST = 12

    @property
    def type(self) -> str:
        """The type of a payload.

        >>> Kind.STANDING_CHANGED.type
        'noegletal.standing-changed'
        """
        return f"noegletal.{self.name.lower().replace('_', '-')}"


# What answers a sending of one's own: told at once, and not counted in what a preset promises.
ANSWERS = frozenset({Kind.RECEIPT, Kind.REFUSAL})
