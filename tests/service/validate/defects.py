"""What each fixture of proto/examples/submission-received must be told, weighed, and become; by the fixture's name."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from noegletal.v1 import assessment_pb2 as out

ERROR, CONFIRM, NOTE = out.SEVERITY_ERROR, out.SEVERITY_CONFIRM, out.SEVERITY_NOTE
ACCEPTED, HELD, REFUSED, MISSING = out.VERDICT_ACCEPTED, out.VERDICT_HELD, out.VERDICT_REFUSED, out.VERDICT_MISSING


@dataclass(frozen=True)
class Case:
    """What one fixture must be told, and the amounts (in their scale; None: left out) that mend it."""

    code: str
    severity: int
    figure: str
    verdict: int
    da: str
    en: str
    mended: Mapping[str, int | None] = field(default_factory=dict)


CASES = {
    "area-not-delivered": Case(
        "NT-2001", NOTE, "OEK-114", MISSING,
        "OEK-114: bruttoareal er ikke leveret. Send tallet, eller skriv hvorfor det mangler.",
        "OEK-114: bruttoareal was not delivered. Send the number, or say why it is missing.",
        {"bruttoareal": 500_000},
    ),
    "danish-comma": Case(
        "NT-2002", ERROR, "OEK-114", REFUSED,
        "konto_114: »441.000,50« er ikke et tal med højst 2 decimaler. "
        "Skriv kun tallet, uden enhed og uden tegn mellem tusinder.",
        'konto_114: "441.000,50" is not a number with at most 2 decimals. '
        "Write the number alone, without a unit and without separators between thousands.",
        {"konto_114": 44_100_050},
    ),
    "cleaning-negative": Case(
        "NT-2003", ERROR, "OEK-114", REFUSED,
        "konto_114: -441000.5 er negativt. Ret tallet.",
        "konto_114: -441000.5 is negative. Correct the number.",
        {"konto_114": 44_100_050},
    ),
    "numerator-above-denominator": Case(
        "NT-2004", ERROR, "RP02_1", REFUSED,
        "RP02_1: tælleren 4844 er større end nævneren 4843. Tælleren er en del af nævneren; ret den ene.",
        "RP02_1: the numerator 4844 is larger than the denominator 4843. "
        "The numerator is part of the denominator; correct one of them.",
        {"RP02_1.numerator": 3482},
    ),
    "area-in-square-millimetres": Case(
        "NT-2005", ERROR, "OEK-114", REFUSED,
        "bruttoareal: 90071992547409.92 er for stort til at regnes nøjagtigt. Kontrollér enheden.",
        "bruttoareal: 90071992547409.92 is too large to be computed exactly. Check the unit.",
        {"bruttoareal": 500_000},
    ),
    "account-misspelled": Case(
        "NT-2006", NOTE, "OEK-114", ACCEPTED,
        "»konto_141« er ikke et datapunkt i denne ordning og er ikke brugt. Ret navnet, eller udelad det.",
        '"konto_141" is not a data point of this scheme and was not used. Correct the name, or leave it out.',
        {"konto_141": None},
    ),
    "account-twice": Case(
        "NT-2007", ERROR, "OEK-114", REFUSED,
        "konto_114 er leveret mere end én gang. Send det én gang.",
        "konto_114 was delivered more than once. Send it once.",
        {"konto_114": 44_100_050},
    ),
    "region-unknown": Case(
        "NT-2008", NOTE, "OEK-114", ACCEPTED,
        "region: »Jylland« kendes ikke. Kendte værdier: Hovedstaden, Sjælland, Syddanmark, Midtjylland, Nordjylland. "
        "Afdelingen sammenlignes ikke efter region.",
        'region: "Jylland" is not known. Known values: Hovedstaden, Sjælland, Syddanmark, Midtjylland, Nordjylland. '
        "The unit is not compared by region.",
    ),
    "area-is-zero": Case(
        "NT-2009", NOTE, "OEK-114", MISSING,
        "OEK-114: nævneren er 0, men tælleren er ikke. Nøgletallet kan ikke beregnes; kontrollér nævneren.",
        "OEK-114: the denominator is 0 but the numerator is not. The key figure cannot be computed; check the denominator.",
        {"bruttoareal": 500_000},
    ),
    "area-blank": Case(
        "NT-2010", NOTE, "OEK-114", MISSING,
        "OEK-114: den ene del er leveret, den anden mangler. Nøgletallet mangler derfor; send begge dele.",
        "OEK-114: one part was delivered, the other is missing. So the key figure is missing; send both parts.",
        {"bruttoareal": 500_000},
    ),
    "cleaning-in-oere": Case(
        "NT-2011", ERROR, "OEK-114", REFUSED,
        "OEK-114: 8820.01 ligger uden for 0 til 400, som er det, der kan lade sig gøre. Ret tallene bag.",
        "OEK-114: 8820.01 lies outside 0 to 400, which is what can be. Correct the numbers behind it.",
        {"konto_114": 44_100_050},
    ),
    "rent-ten-times": Case(
        "NT-2011", ERROR, "OEK-HUS", REFUSED,
        "OEK-HUS: 8300.2 ligger uden for 0 til 3600, som er det, der kan lade sig gøre. Ret tallene bag.",
        "OEK-HUS: 8300.2 lies outside 0 to 3600, which is what can be. Correct the numbers behind it.",
        {"konto_2011": 410_000_000},
    ),
    "cleaning-far-from-usual": Case(
        "NT-2012", CONFIRM, "OEK-114", HELD,
        "OEK-114: 300 ligger uden for 15 til 250, hvor næsten alle er. Ret tallene, eller bekræft med en begrundelse.",
        "OEK-114: 300 lies outside 15 to 250, where nearly everybody is. Correct the numbers, or confirm with a reason.",
        {"konto_114": 44_100_050},
    ),
    "rent-sum-wrong": Case(
        "NT-2013", ERROR, "UDL-RES", REFUSED,
        "konto_201: 4601001 er ikke summen 4601000 af konto_2011, konto_2012, konto_2013. "
        "Ret summen eller en af delene.",
        "konto_201: 4601001 is not the sum 4601000 of konto_2011, konto_2012, konto_2013. "
        "Correct the sum or one of its parts.",
        {"konto_201": 460_100_000},
    ),
    "repairs-swapped": Case(
        "NT-2014", ERROR, "DRI-TID", REFUSED,
        "reparationer_til_tiden: 150 er mere end reparationer, som er 131. Det er en del af det; ret det ene.",
        "reparationer_til_tiden: 150 is more than reparationer, which is 131. It is a part of it; correct one of them.",
        {"reparationer_til_tiden": 131, "reparationer": 150},
    ),
    "cleaning-up-by-half": Case(
        "NT-2015", CONFIRM, "OEK-114", HELD,
        "OEK-114: 140 mod 84 i 2023 er en ændring på over 40 %. Ret tallene, eller bekræft med en begrundelse.",
        "OEK-114: 140 against 84 in 2023 is a change of more than 40 %. Correct the numbers, or confirm with a reason.",
        {"konto_114": 44_100_050},
    ),
    "capital-cost-ten-times": Case(
        "NT-2016", CONFIRM, "OEK-105", HELD,
        "Mente I 306000? konto_105: 3060000 er omkring 10 gange fra de 300000 i 2023. "
        "Ret tallet, eller bekræft med en begrundelse.",
        "Did you mean 306000? konto_105: 3060000 is about a factor of 10 from the 300000 of 2023. "
        "Correct the number, or confirm with a reason.",
        {"konto_105": 30_600_000},
    ),
    "capital-cost-in-thousands": Case(
        "NT-2016", CONFIRM, "OEK-105", HELD,
        "Mente I 306000? konto_105: 306 er omkring 1000 gange fra de 300000 i 2023. "
        "Ret tallet, eller bekræft med en begrundelse.",
        "Did you mean 306000? konto_105: 306 is about a factor of 1000 from the 300000 of 2023. "
        "Correct the number, or confirm with a reason.",
        {"konto_105": 30_600_000},
    ),
    "cleaning-of-last-year": Case(
        "NT-2017", CONFIRM, "OEK-114", HELD,
        "konto_114: 420000 er nøjagtigt det samme som i 2023. "
        "Ret tallet, hvis det er kopieret, eller bekræft med en begrundelse.",
        "konto_114: 420000 is exactly what it was in 2023. "
        "Correct the number if it was copied, or confirm with a reason.",
        {"konto_114": 42_000_001},
    ),
    "usable-area-for-gross": Case(
        "NT-2018", CONFIRM, "OEK-114", HELD,
        "bruttoareal: 3900 mod 5000 i 2023. Ret tallet, eller bekræft med en begrundelse, hvis afdelingen er vokset eller delt.",
        "bruttoareal: 3900 against 5000 in 2023. Correct the number, or confirm with a reason if the department grew or was split.",
        {"bruttoareal": 400_000},  # a fifth less, and no more
    ),
    "reason-too-short": Case(
        "NT-2019", NOTE, "OEK-114", HELD,
        "Begrundelsen for OEK-114 er for kort. Skriv mindst 10 tegn, så læseren forstår tallet.",
        "The reason for OEK-114 is too short. Write at least 10 characters, so that the reader understands the number.",
    ),
    "reason-nobody-asked-for": Case(
        "NT-2020", NOTE, "OEK-114", ACCEPTED,
        "OEK-114 er bekræftet, men der er ingen tvivl om det. Bekræftelsen er ikke brugt; udelad den, eller ret navnet.",
        "OEK-114 is confirmed, but nothing is in doubt there. "
        "The confirmation was not used; leave it out, or correct the name.",
        {"konto_114": 150_000_000},  # now it is in doubt, and the reason is used
    ),
    "cleaning-far-from-its-peers": Case(
        "NT-2021", CONFIRM, "OEK-114", HELD,
        "OEK-114: 40 ligger langt fra de 40 afdelinger i gruppen type=family i 2023, hvor grænserne er 53.14 og 177.15. "
        "Ret tallene, eller bekræft med en begrundelse.",
        "OEK-114: 40 is far from the 40 units of group type=family in 2023, where the limits are 53.14 and 177.15. "
        "Correct the numbers, or confirm with a reason.",
        {"konto_114": 26_572_050},  # DKK 53.1441 per m²: on the fence, which is inside
    ),
    "capital-cost-sign-turned": Case(
        "NT-2022", CONFIRM, "OEK-105", HELD,
        "konto_105: -306000 har det modsatte fortegn af 300000 i 2023. Ret fortegnet, eller bekræft med en begrundelse.",
        "konto_105: -306000 has the opposite sign of the 300000 of 2023. Correct the sign, or confirm with a reason.",
        {"konto_105": 30_600_000},
    ),
    "few-answers": Case(
        "NT-2023", NOTE, "TP01_LCRA", ACCEPTED,
        "TP01_LCRA bygger kun på 212; under 300 siger tallet ikke meget. "
        "Se efter, om alt er talt med, eller bekræft med en begrundelse.",
        "TP01_LCRA rests on only 212; below 300 it does not say much. "
        "See whether everything was counted, or confirm with a reason.",
        {"TP01_LCRA.denominator": 3000},
    ),
    "homes-counted-otherwise": Case(
        "NT-2024", NOTE, "CH01_1_LCRA", ACCEPTED,
        "CH01_1_LCRA.denominator: 1128 passer dårligt med NM01_1.denominator, som er 3568. "
        "Det plejer at være 0.5 til 1.5 gange så meget. Ret det ene, eller bekræft med en begrundelse.",
        "CH01_1_LCRA.denominator: 1128 does not go well with NM01_1.denominator, which is 3568. "
        "It is usually 0.5 to 1.5 times that. Correct one of them, or confirm with a reason.",
        {"NM01_1.denominator": 2256},  # exactly twice
    ),
}  # fmt: skip

REFUSED_AS_A_WHOLE = {
    "stale-revision": (
        "NT-1005",
        "Afdeling 00AA: revision 1 er ikke nyere end den, vi har. Send revision 0 for at få den næste.",
        "Unit 00AA: revision 1 is not newer than the one we have. Send revision 0 to get the next one.",
    ),
    "unknown-unit": (
        "NT-1006",
        "Afdeling 00ZZ er ikke registreret hos jer. Registrér den først, og send så igen med et nyt submission_id.",
        "Unit 00ZZ is not registered with you. Register it first, then send again with a new submission_id.",
    ),
    "id-used-before": (
        "NT-1007",
        "Submission_id id-used-before er brugt før til andet indhold. Vælg et nyt id.",
        "submission_id id-used-before was used before for other content. Choose a new id.",
    ),
    "unit-id-with-space": (
        "NT-1008",
        "Feltet unit_id kan ikke bruges: »7 12«. Brug [A-Za-z0-9._/-]{1,64}.",
        'The field unit_id cannot be used: "7 12". Use [A-Za-z0-9._/-]{1,64}.',
    ),
    "dates-unreadable": (
        "NT-2101",
        "Perioden 1/1 2024 – 31/12 2024 kan ikke læses. Skriv datoer som 2024-03-31.",
        "The period 1/1 2024 – 31/12 2024 cannot be read. Write dates like 2024-03-31.",
    ),
    "no-definitions-for-year": (
        "NT-2103",
        "Der er ingen definitioner for uk-tsm i 1999. Der er: 2024. Ret ordning eller periode.",
        "There are no definitions for uk-tsm in 1999. There are: 2024. Correct scheme or period.",
    ),
}
