"""Whole numbers: of fractions, and of 10^-decimals as a Dane or an Englishman writes them."""

DANISH = str.maketrans(",.", ".,")  # the two marks change places


def written(value: int, decimals: int = 0, language: str = "en") -> str:
    """A number with every decimal, and a real minus.

    >>> written(123456, 2, "da"), written(-5, 1, "en"), written(17)
    ('1.234,56', '−0.5', '17')
    """
    whole, fraction = divmod(abs(value), 10**decimals)
    text = f"{whole:,}" + (f".{fraction:0{decimals}}" if decimals else "")
    return ("−" if value < 0 else "") + (text.translate(DANISH) if language == "da" else text)


def signed(change: int, decimals: int = 0, language: str = "en") -> str:
    """A change with its sign; none where nothing changed.

    >>> signed(3), signed(-2), signed(0), signed(120, 2, "da")
    ('+3', '−2', '0', '+1,20')
    """
    return ("+" if change > 0 else "") + written(change, decimals if change else 0, language)


def rounded(numerator: int, denominator: int) -> int:
    """A fraction as a whole number, halves to even. The denominator is positive.

    >>> rounded(5, 2), rounded(7, 2), rounded(-5, 2), rounded(8, 3)
    (2, 4, -2, 3)
    """
    whole, rest = divmod(numerator, denominator)
    if 2 * rest > denominator or (2 * rest == denominator and whole % 2):
        whole += 1
    return whole
