"""What is said of a unit. Pure."""

from collections.abc import Mapping


class Profile:
    """The attributes as they were sent, the unit's holder, and the units that became the one."""

    __slots__ = ("attributes", "holder_id", "predecessors")

    def __init__(self, attributes: Mapping[str, str], holder_id: str) -> None:
        self.attributes, self.holder_id = attributes, holder_id
        self.predecessors = predecessors(attributes)


def predecessors(attributes: Mapping[str, str]) -> tuple[str, ...]:
    """The units that a profile says became this one: the attribute `merged_from`, ids joined by ;.

    >>> predecessors({"merged_from": "7-12; 7-13;"}), predecessors({})
    (('7-12', '7-13'), ())
    """
    said = attributes.get("merged_from", "")
    return tuple(sorted({unit.strip() for unit in said.split(";") if unit.strip()})) if said else ()
