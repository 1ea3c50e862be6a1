"""Files of an organisation with three departments, as forms."""

from typing import Any

from services.catalogue import definitions
from services.catalogue.definitions import Catalogue
from services.ingest import form, reading
from services.ingest.delivered import Form, Surroundings
from tests.unit.ingest.workbooks import workbook

UNITS = {"afd-1": "org-a", "afd-2": "org-a", "12": "org-a"}
PERIOD = ("2024-01-01", "2024-12-31")
WIDE = ["Afdelings-id", "Renholdelse (konto 114), kr.", "Bruttoetageareal, gennemsnit, m²"]


def almen(year: str) -> Catalogue:
    known = definitions.years("dk-almen")
    return definitions.of("dk-almen", year if year in known else known[-1])


def tsm(_: str) -> Catalogue:
    return definitions.of("uk-tsm", "2024")


def around(**changes: Any) -> Surroundings:
    usual: dict[str, Any] = {
        "scheme": "dk-almen",
        "organisation_id": "org-a",
        "units": UNITS,
        "before": {},
        "catalogue": almen,
        "period": PERIOD,
    }
    return Surroundings(**(usual | changes))


def read_rows(*rows: Any, **changes: Any) -> Form:
    return form.read(reading.read(workbook(rows)), around(**changes))


def read_csv(text: str, **changes: Any) -> Form:
    return form.read(reading.read(text.encode()), around(**changes))
