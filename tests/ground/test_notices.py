"""Every notice of both programs: complete, in English and Spanish, saying the same in text and HTML."""

import gettext
import re
from itertools import product

import pytest

from tests.ground.build_notices import (
    CATALOGS,
    PARTS,
    bare_words,
    in_spanish,
    messages,
    names_in,
    notices,
    rendered,
    template,
)
from tests.house.source import told

NOTICES = notices()
LINK = re.compile(r"<a\b[^>]*>.*?</a>", re.DOTALL)
FRAME = {
    "A message for you",
    "Questions? %(name)s: %(phone)s, %(email)s",
    "We never ask for your password, or for a code that signs you in, by mail or phone.",
}
KEYS = {"when", "to", "channel", "label", "digest"}
CHANNELS = {"email", "sms", "voice", "letter"}


def test_a_notice_is_a_folder_with_its_three_texts_and_what_it_is():
    """Subject, plain text and HTML, and when it goes out, to whom, and whether it can be declined. [N-2]"""
    for notice in NOTICES:
        about = notice.about
        assert all(notice.text(part).strip() for part in PARTS), notice.name
        assert about["when"].endswith("."), notice.name
        assert about["to"], notice.name
        assert set(about) <= KEYS, notice.name
        assert about.get("channel", "email") in CHANNELS, notice.name


def test_the_same_name_is_one_notice():
    """A second folder of the same name would hide the first. [N-2]"""
    names = [notice.name for notice in NOTICES]
    assert sorted(set(names)) == sorted(names)


def test_everything_a_notice_can_say_is_in_spanish():
    """In every branch, with the same facts; and no word stands outside of what is translated. [N-2]"""
    missing = []
    for notice, part in product(NOTICES, PARTS):
        missing += [f"{notice.name}/{part}: a bare {word!r}" for word in bare_words(notice.text(part))]
        missing += [
            f"{notice.name}/{part}: {text}" for text in messages(template(notice, part)) if lacks(text)
        ]
    assert not missing, told(missing, "Run `make messages`, and translate what is new in the catalog.")


def lacks(message):
    """Whether a text has no Spanish, or Spanish that says other facts."""
    said, wanted = in_spanish(message), names_in(message[1] or message[0])
    return not said or any(names_in(text) - wanted for text in said) or names_in(said[-1]) != wanted


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_notice_reads_well_with_every_answer(language):
    """No name that a template says is left without its fact, whatever is so. [N-2]"""
    for notice, part, choice in product(NOTICES, PARTS, range(3)):
        text = rendered(notice, part, language, answers=choice != 1, choice=choice)
        assert "⟨lacks" not in text, (notice.name, part)
        assert text.strip(), (notice.name, part)
        assert part != "body.html" or f'<html lang="{language}">' in text, notice.name


def test_text_and_html_say_the_same():
    """Whoever reads only one of them misses nothing. A link's words are HTML's alone; a value may stand apart there. [N-2]"""
    for notice in NOTICES:
        in_text, in_html = (
            {singular.rstrip(": ") for singular, _ in messages(template(notice, part))}
            for part in ("body.txt", "body.html")
        )
        links = LINK.findall(notice.text("body.html"))
        linked = {words for words in in_html if any(words in link for link in links)}
        apart = {words for words in in_html if any(text.startswith(words) for text in in_text)}
        unsaid = {text for text in in_text if not any(text.startswith(words) for words in in_html)}
        assert unsaid | (in_html - in_text - linked - apart - FRAME) == set(), notice.name


def test_the_catalog_is_compiled():
    """What translators wrote is what people read. [N-2]"""
    for catalog in CATALOGS:
        said = re.findall(r'^msgstr(?:\[\d\])? "(.+)"$', catalog.with_suffix(".po").read_text(), re.MULTILINE)
        with catalog.open("rb") as file:
            compiled = "\n".join(gettext.GNUTranslations(file)._catalog.values())
        lost = [text for text in said if text.replace('\\"', '"').replace("\\n", "\n") not in compiled]
        assert not lost, catalog
