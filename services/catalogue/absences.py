"""Why there is no observation, in words. Each absence has its own short text: never 0, never left blank."""

WORDS = {  # of the contract's Absence, in its order
    "absent": {"da": "ikke modtaget", "en": "not received"},
    "blank": {"da": "tomt felt", "en": "blank"},
    "not_required": {"da": "ikke relevant", "en": "not relevant"},
    "undefined": {"da": "intet at dele med", "en": "nothing to divide by"},
    "excluded": {"da": "udeladt efter reglerne", "en": "excluded by the rules"},
    "suppressed": {"da": "vises ikke", "en": "not shown"},
    "held": {"da": "venter på bekræftelse", "en": "waits for confirmation"},
    "refused": {"da": "afvist", "en": "refused"},
    "withdrawn": {"da": "trukket tilbage", "en": "withdrawn"},
}


def counted(counts: dict[str, int], language: str) -> str:
    """How many lack a figure and why, in the order given; a dash where nobody does.

    >>> counted({"absent": 3, "held": 1}, "en")
    '3 not received, 1 waits for confirmation'
    """
    return ", ".join(f"{n} {WORDS[name][language]}" for name, n in counts.items()) or "–"
