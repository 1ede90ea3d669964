"""Searching claimed organizations by name and place. A search never touches a TIN (G-5).

Names are compared word by word, and words by their three-letter pieces: the same on every database. There are few
different words however many organizations, so misspellings are looked for among words; organizations are then ranked
by the words found, in the database, and only those that are shown are read (docs/decisions/0080).
"""

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Case, Count, F, Max, QuerySet, Value, When
from django.db.models.fields import FloatField

from bailiwick.ground.rulings import Refused
from bailiwick.idm.organizations.models import EnrollmentRecord, NameWord, Organization, WordGram
from bailiwick.idm.rules.organizations import (
    NEAR_ENOUGH,
    WORD_NEAR_ENOUGH,
    Refusal,
    fewest_grams_shared,
    grams_of,
    letters_in,
    word_nearness,
    words_of,
)

ZIP_DIGITS = 5
MOST_WORDS = 8
WORDS_COMPARED = 400

RANKED = """
SELECT place.key FROM ({hits}) AS hit JOIN ({places}) AS place ON place.of = hit.record
ORDER BY hit.nearness DESC, place.name, place.number LIMIT %s
"""

type_of_nearness = dict[float, list[int]]
"""How near, and the words that are so near."""


def search(
    *,
    name: str = "",
    city: str = "",
    state: str = "",
    zip: str = "",  # noqa: A002 - the field's own word
    limit: int = 0,
) -> list[Organization]:
    """Claimed, active organizations, the nearest name first; fewer than the rules allow where `limit` says so (G-5).

    Raises Refused(SEARCH_TOO_SHORT) without three letters of a name or city, or a five-digit ZIP.
    """
    shortest = settings.LIMITS.search_letters
    zip_digits = "".join(character for character in zip if character.isdecimal())[:ZIP_DIGITS]
    is_enough = max(letters_in(name), letters_in(city)) >= shortest or len(zip_digits) == ZIP_DIGITS
    if not is_enough or 0 < letters_in(name) < shortest:
        raise Refused(Refusal.SEARCH_TOO_SHORT)
    rows = _in_place(city=city, state=state, zip_digits=zip_digits)
    most = min(limit or settings.LIMITS.search_rows, settings.LIMITS.search_rows)
    if letters_in(name):
        return _nearest(name, rows, most)
    return list(
        rows.select_related("record").order_by("record__legal_name_key", "record__submitter_id")[:most]
    )


def _in_place(*, city: str, state: str, zip_digits: str) -> QuerySet[Organization]:
    rows = Organization.objects.filter(record__status=EnrollmentRecord.Status.ACTIVE)
    if words_of(city):
        rows = rows.filter(record__city_key__startswith=" ".join(words_of(city)))
    if words_of(state):
        rows = rows.filter(record__state__iexact=" ".join(words_of(state)))
    if zip_digits:
        rows = rows.filter(record__zip__startswith=zip_digits)
    return rows


def _nearest(name: str, rows: QuerySet[Organization], most: int) -> list[Organization]:
    """Those of `rows` whose name has something near every sought word."""
    sought = list(dict.fromkeys(words_of(name)))[:MOST_WORDS]
    near = [_words_near(word) for word in sought]
    if not all(near):
        return []
    keys = _ranked(near, rows, most)
    found = Organization.objects.select_related("record").in_bulk(keys)
    return [found[key] for key in keys if key in found]


def _words_near(sought: str) -> type_of_nearness:
    grams = grams_of(sought)
    shared = WordGram.objects.filter(gram__in=grams).values("word").annotate(hits=Count("gram"))
    likely = shared.filter(hits__gte=fewest_grams_shared(len(grams))).order_by("-hits", "word")
    near: type_of_nearness = {}
    for key, word in likely.values_list("word", "word__word")[:WORDS_COMPARED]:
        how_near = round(word_nearness(sought, word), 2)
        if how_near >= WORD_NEAR_ENOUGH:
            near.setdefault(how_near, []).append(key)
    return near


def _ranked(near: Sequence[type_of_nearness], rows: QuerySet[Organization], most: int) -> list[UUID]:
    """The keys of the nearest, of equals the first by name.

    Both halves are written by the ORM, which cannot join what it has grouped: ranked first, only then joined to the
    organizations, a search costs a quarter of what it costs the other way about.
    """
    hits, hit_values = _hits(near).query.sql_with_params()
    named = rows.values(
        key=F("pk"), of=F("record"), name=F("record__legal_name_key"), number=F("record__submitter_id")
    )
    places, place_values = named.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(RANKED.format(hits=hits, places=places), [*hit_values, *place_values, most])
        return [UUID(str(key)) for (key,) in cursor.fetchall()]


def _hits(near: Sequence[type_of_nearness]) -> QuerySet:
    """The records with a word near each sought one, and how near they come: the best word for each, in the mean."""
    best = {
        f"best_{at}": Max(
            Case(
                *(When(nameword__in=keys, then=Value(how_near)) for how_near, keys in words.items()),
                default=Value(0.0),
                output_field=FloatField(),
            )
        )
        for at, words in enumerate(near)
    }
    every = {key for words in near for keys in words.values() for key in keys}
    links = NameWord.records.through.objects.filter(nameword__in=every).values("enrollmentrecord_id")
    total = sum((F(name) for name in best), start=Value(0.0))
    is_found = {f"{name}__gt": 0 for name in best}
    ranked = links.annotate(**best).filter(**is_found).annotate(nearness=total)
    enough = ranked.filter(nearness__gte=NEAR_ENOUGH * len(near))
    return enough.values("nearness", record=F("enrollmentrecord_id"))
