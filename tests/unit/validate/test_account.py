"""What is kept of a submission is read again as it was."""

from hypothesis import given
from hypothesis import strategies as st

from services.validate import account
from services.validate.account import Accepted
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
    contents = [account.written(one, 7) for one in several]
    whole, begins = b"".join(contents), 0
    for one, content in zip(several, contents, strict=True):
        found = account.read(one.unit_id, whole, begins, {7: NAMES}.__getitem__)
        assert (*found[:10], dict(found.amounts), found.event) == (*one[:10], dict(one.amounts), one.event)
        begins += len(content)


def test_each_account_has_the_number_of_its_own_list() -> None:
    def account_of(*names: str) -> Accepted:
        return Accepted("u", *[""] * 7, 1, False, Packed.of(dict.fromkeys(names, 5), names))

    some = [account_of(), account_of("a"), account_of("a", "b"), account_of("a")]
    numbers = {(): 3, ("a",): 1, ("a", "b"): 2}
    lists = {number: names for names, number in numbers.items()}
    contents = [account.written(one, numbers[one.amounts.names]) for one in some]
    assert [account.read("u", content, 0, lists.__getitem__).amounts for content in contents] == [
        one.amounts for one in some
    ]
