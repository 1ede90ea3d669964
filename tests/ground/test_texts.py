"""Everything that programs say is in Spanish: whole, with the same facts, and no word of a page outside of it."""

import pytest

from tests.ground.build_texts import (
    LOCALES,
    SOURCE,
    bare,
    entries,
    in_spanish,
    placeholders,
    read_too_early,
    templates,
    texts,
)
from tests.house.source import told

HELD_BACK = 'PAGE_LANGUAGES = ["en"]'
# A program whose pages are English still says so in its settings.
PROGRAMS = [
    program
    for program in LOCALES
    if program == "ground" or HELD_BACK not in (SOURCE / program / "site" / "settings.py").read_text()
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_text_is_translated(program):
    """What Python and templates say is in the compiled catalogs, and no line of a catalog is empty. [N-2]"""
    missing = [f"{where}: {text}" for where, text in texts(program) if not in_spanish(program, text)]
    missing += [f"empty: {text}" for text, said in entries(program) if not all(said)]
    assert not missing, told(missing, "Run `make messages`, and translate what is new in the catalog.")


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_translation_says_the_same_facts(program):
    """No fact is left out, none is made up. One of several forms may leave out the number. [N-2]"""
    wrong = [
        text
        for text, said in entries(program)
        if said
        and (
            any(placeholders(form) - placeholders(text) for form in said)
            or placeholders(said[-1]) != placeholders(text)
        )
    ]
    assert not wrong, told(wrong, "Write the same %(names)s in the catalog.")


@pytest.mark.parametrize("program", PROGRAMS)
def test_no_page_says_a_word_outside_of_its_texts(program):
    """Nor do a label, a caption or a title of an element. [N-2]"""
    found = {path.name: words for path in templates(program) if (words := bare(path.read_text()))}
    assert not found, told(
        [f"{name}: {words}" for name, words in found.items()], "Put them in {% translate %}."
    )


def test_no_text_is_translated_before_there_is_a_reader():
    """A module-level text is lazy, or the first language would be everybody's. [N-2]"""
    early = [f"{path}:{line}" for path in sorted(SOURCE.rglob("*.py")) for line in read_too_early(path)]
    assert not early, told(early, "Use gettext_lazy there.")
