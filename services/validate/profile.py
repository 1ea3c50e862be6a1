"""What is said of a unit, one for all that say the same. Pure."""

from collections.abc import Mapping

from services.validate.history import predecessors

MOST_PROFILES = 2**14  # remembered, two kilobytes each: more than a sector has units; beyond it, begun anew


class Profile:
    """The attributes as they were sent, and the units that became the one."""

    __slots__ = ("attributes", "predecessors")

    def __init__(self, attributes: Mapping[str, str]) -> None:
        self.attributes, self.predecessors = attributes, predecessors(attributes)
