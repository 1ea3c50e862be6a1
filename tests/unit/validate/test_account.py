"""What is kept of a submission is read again as it was."""

from hypothesis import given
from hypothesis import strategies as st

from services.validate import account
from services.validate.account import Accepted, packed_of
from services.validate.packed import Packed

NAMES = ("RP01.numerator", "Ærø")
TEXT = st.text(max_size=12)
ACCOUNTS = st.builds(
    Accepted,
    *[TEXT] * 8,
    st.integers(0, 2**63),
    st.booleans(),
    st.dictionaries(st.sampled_from(NAMES), st.integers(-(2**53), 2**53)).map(lambda found: Packed.of(found, NAMES)),
    st.none() | st.binary(min_size=1),
)


@given(st.lists(ACCOUNTS, min_size=1, max_size=4))
def test_accounts_one_behind_the_other(several: list[Accepted]) -> None:
    contents = account.written(several, [packed_of(one).content for one in several], [7] * len(several))
    whole, begins = b"".join(contents), 0
    for one, content in zip(several, contents, strict=True):
        found = account.read(one.unit_id, whole, begins, {7: NAMES}.__getitem__)
        assert (*found[:10], dict(found.amounts), found.event) == (*one[:10], dict(one.amounts), one.event)
        begins += len(content)
