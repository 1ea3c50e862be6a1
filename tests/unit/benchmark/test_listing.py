"""A list read page by page is made once, and made anew when anything has changed."""

from collections.abc import Iterator

from services.benchmark.listing import Listing


def _counted(made: list[int], end: int = 10) -> Iterator[int]:
    for n in range(end):
        made.append(n)
        yield n


def test_pages_follow_one_another_and_each_entry_is_made_once() -> None:
    listing, made = Listing[int](), list[int]()
    pages = [listing.page("v1", lambda: _counted(made), first, 4) for first in (0, 4, 8)]
    assert pages == [([0, 1, 2, 3], True), ([4, 5, 6, 7], True), ([8, 9], False)]
    assert made == list(range(10))


def test_the_same_page_again_is_the_same_and_an_earlier_one_is_made_anew() -> None:
    listing, made = Listing[int](), list[int]()
    assert listing.page("v1", lambda: _counted(made), 4, 4) == listing.page("v1", lambda: _counted(made), 4, 4)
    assert made == list(range(9))
    assert listing.page("v1", lambda: _counted(made), 0, 4) == ([0, 1, 2, 3], True)


def test_another_vintage_is_another_list_and_a_single_page_disturbs_nobody() -> None:
    listing = Listing[int]()
    listing.page("v1", lambda: iter(range(10)), 0, 4)
    assert listing.page("other question", lambda: iter(range(2)), 0, 4) == ([0, 1], False)
    assert listing.page("v1", lambda: iter([]), 4, 4) == ([4, 5, 6, 7], True)
    assert listing.page("v2", lambda: iter(range(100, 110)), 4, 4) == ([104, 105, 106, 107], True)


def test_exactly_one_page_has_nothing_behind_it_and_past_the_end_is_nothing() -> None:
    assert Listing[int]().page("v", lambda: iter(range(4)), 0, 4) == ([0, 1, 2, 3], False)
    assert Listing[int]().page("v", lambda: iter(range(4)), 8, 4) == ([], False)
