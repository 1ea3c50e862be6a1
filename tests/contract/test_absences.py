"""Every absence of the contract has words in both languages, and no words stand for another."""

from noegletal.v1.assessment_pb2 import Absence

from services.catalogue import absences


def test_every_absence_has_words_in_both_languages_in_the_contracts_order() -> None:
    contract = [name.removeprefix("ABSENCE_").lower() for name in dict(Absence.items())][1:]
    assert list(absences.WORDS) == contract
    said = [words[language] for language in ("da", "en") for words in absences.WORDS.values()]
    assert len(set(said)) == 2 * len(contract)
    assert not any("0" in text for text in said)
