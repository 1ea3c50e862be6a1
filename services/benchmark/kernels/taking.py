"""What records say, taken over into the matrices of everybody."""

from services.benchmark.kernels.orders import KINDS, LINE, WHOLE, Kinds, Whole
from services.kernels import kernel

SENT, SENT_KINDS = (f"Array({kind}, 2, 'A', readonly=True)" for kind in ("int64", "uint8"))  # of whatever layout


@kernel(f"void({SENT}, {SENT}, {SENT_KINDS}, {LINE}, {LINE}, {LINE}, {WHOLE}, {WHOLE}, {KINDS})")
def take(
    sent_numerators: Whole,
    sent_denominators: Whole,
    sent_absences: Kinds,
    rows: Whole,
    sources: Whole,
    columns: Whole,
    numerators: Whole,
    denominators: Whole,
    absences: Kinds,
) -> None:
    """Write some records of a batch where they belong.

    rows                of the batch's figures, one each
    sources, columns    places of the records in the batch, and the columns of their units
    """
    for f in range(len(rows)):
        row = rows[f]
        for k in range(len(columns)):
            column, source = columns[k], sources[k]
            numerators[row, column] = sent_numerators[f, source]
            denominators[row, column] = sent_denominators[f, source]
            absences[row, column] = sent_absences[f, source]
