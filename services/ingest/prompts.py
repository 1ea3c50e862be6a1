"""What a cell of the form says when it is entered, and what it accepts: the validations of the template. Pure."""

from collections.abc import Iterable, Sequence

from openpyxl.worksheet.datavalidation import DataValidation

from services.catalogue.definitions import Catalogue, Text
from services.ingest import columns

MISSING = "nt_missing"  # the defined name of the list of missing tokens
TITLE, TEXT = 32, 255  # characters a spreadsheet shows

REASON = Text(
    da="Har vi bedt jer bekræfte et tal i rækken, så skriv her dets id, et kolon og hvorfor det er rigtigt, "
    "for eksempel »{example}: ny aftale fra maj«. En linje (Alt+Enter) for hvert tal. Ingen personoplysninger.",
    en="If we asked you to confirm a number in this row, write its id here, a colon and why it is right, "
    "such as »{example}: new contract from May«. One line (Alt+Enter) a number. No personal data.",
)
PERIOD = Text(
    da="Ret kun, hvis afdelingens regnskabsår er et andet end det, der står her.",
    en="Change only if the unit's accounting period is another than the one written here.",
)
PERIOD_ERROR = Text(da="Skriv en dato, for eksempel 01.01.2024.", en="Write a date, for example 2024-01-01.")
PREVIOUS = Text(
    da="Det er sidste periodes tal og læses ikke. Skriv periodens tal i kolonnen til venstre.",
    en="This is last period's number and is not read. Write this period's number in the column to the left.",
)
NUMBER = Text(
    da="Skriv et tal i {unit}, {decimals}{sign}{tokens}.", en="Write a number in {unit}, {decimals}{sign}{tokens}."
)
WHOLE = Text(da="uden decimaler", en="without decimals")
DECIMALS = Text(da="højst {n} decimaler", en="at most {n} decimals")
ONE_DECIMAL = Text(da="højst 1 decimal", en="at most 1 decimal")
NOT_BELOW = Text(da=", ikke under 0", en=", not below 0")
TOKENS = Text(da=". Er der intet tal: {tokens}", en=". If there is none: {tokens}")
MORE = Text(da="… Se arket Vejledning.", en="… See the sheet Guidance.")
NONE_BEFORE = Text(
    da="Sidste periode var der intet tal. Skriv et tal, eller vælg, hvorfor der ikke er et.",
    en="There was no number last period. Write one, or choose why there is none.",
)


def tokens(catalogue: Catalogue) -> list[str]:
    """What may be written where there is no number; the empty cell is not among them."""
    return [token for token in catalogue.missing if token]


def amount(letter: str, rows: Sequence[int], data_point: str, catalogue: Catalogue, language: str) -> DataValidation:
    """Accepts a number of the data point's scale and sign, or a missing token; says what is asked for. `rows` ascend."""
    point, first = catalogue.data_point[data_point], f"{letter}{rows[0]}"
    number = f"ROUND({first},{point.scale})={first}"
    number = number if point.negative else f"AND({first}>=0,{number})"
    otherwise = f"SUMPRODUCT(--({MISSING}={first}))>0" if tokens(catalogue) else "FALSE"
    made = _prompted("custom", point.text.of(language), _asked(data_point, catalogue, language))
    made.formula1 = f"IF(ISNUMBER({first}),{number},{otherwise})"
    made.error = _cut(_allowed(data_point, catalogue, language), MORE.of(language))
    return _over(made, letter, rows)


def choice(letter: str, rows: Sequence[int], data_point: str, catalogue: Catalogue, language: str) -> DataValidation:
    """Offers the missing tokens to choose from, and lets a number be written: where there was none last period."""
    text = catalogue.data_point[data_point].text.of(language)
    said = f"{NONE_BEFORE.of(language)}\n{_asked(data_point, catalogue, language)}"
    made = _prompted("list", text, _cut(said, MORE.of(language)))
    made.formula1, made.showErrorMessage = MISSING, False
    return _over(made, letter, rows)


def period(cells: str, name: str, language: str) -> DataValidation:
    """A day after the turn of the century, pre-filled."""
    made = _prompted("date", columns.fixed_header(name, language), PERIOD.of(language))
    made.operator, made.formula1, made.error = "greaterThan", "36526", PERIOD_ERROR.of(language)
    made.add(cells)
    return made


def reason(cells: str, example: str, language: str) -> DataValidation:
    """Any text; says what belongs there and what does not. `example`: a data point of the form."""
    said = _cut(REASON.of(language).format(example=example), "…")
    made = _prompted(None, columns.fixed_header(columns.REASON, language), said)
    made.add(cells)
    return made


def untouchable(cells: str, language: str) -> DataValidation:
    """Last period's amounts: nothing typed there is taken."""
    made = _prompted("custom", columns.PREVIOUS.of(language), "")
    made.formula1, made.error, made.allowBlank = "FALSE", PREVIOUS.of(language), False
    made.showInputMessage = False
    made.add(cells)
    return made


def _asked(data_point: str, catalogue: Catalogue, language: str) -> str:
    guided = catalogue.data_point[data_point].guidance
    said = f"{guided.of(language)}\n" if guided else ""
    return _cut(said + _allowed(data_point, catalogue, language), MORE.of(language))


def _allowed(data_point: str, catalogue: Catalogue, language: str) -> str:
    point, listed = catalogue.data_point[data_point], tokens(catalogue)
    decimals = {0: WHOLE, 1: ONE_DECIMAL}.get(point.scale, DECIMALS).of(language).format(n=point.scale)
    said = TOKENS.of(language).format(tokens=" · ".join(listed)) if listed else ""
    sign = "" if point.negative else NOT_BELOW.of(language)
    return NUMBER.of(language).format(unit=point.unit.of(language), decimals=decimals, sign=sign, tokens=said)


def _prompted(kind: str | None, title: str, text: str) -> DataValidation:
    made = DataValidation(type=kind, allow_blank=True, showErrorMessage=True, showInputMessage=True)  # type: ignore[arg-type]
    made.promptTitle, made.errorTitle, made.prompt = _cut(title, "…", TITLE), _cut(title, "…", TITLE), text or None
    return made


def _cut(text: str, ending: str, longest: int = TEXT) -> str:
    return text if len(text) <= longest else text[: longest - len(ending)].rsplit(" ", 1)[0].rstrip(" .,·") + ending


def _over(made: DataValidation, letter: str, rows: Iterable[int]) -> DataValidation:
    """Lay it over rows, neighbours as one range."""
    spans: list[list[int]] = []
    for row in rows:
        if spans and row == spans[-1][1] + 1:
            spans[-1][1] = row
        else:
            spans.append([row, row])
    for first, last in spans:
        made.sqref.ranges.add(type(made.sqref)(f"{letter}{first}:{letter}{last}").sorted()[0])
    return made
