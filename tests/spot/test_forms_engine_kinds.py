"""The schema files: what ships with SPOT loads, and every mistake in one is named by its line (F-1, F-2)."""

import pytest

from bailiwick.ground.pages.words import GENERIC, sentence_for
from bailiwick.spot.forms.kinds import DIRECTORY, KindError, all_kinds, load
from bailiwick.spot.forms.queries import kind
from bailiwick.spot.rules.answers import Finding
from bailiwick.spot.rules.forms import Refusal
from bailiwick.spot.rules.schema import FieldType

TEXT = (DIRECTORY / "new-provider-office.toml").read_text()


def mistakes(tmp_path, text: str) -> list[str]:
    (tmp_path / "sample.toml").write_text(text)
    with pytest.raises(KindError) as error:
        load(tmp_path)
    return [str(mistake) for mistake in error.value.mistakes]


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


# What the rules ask each form for, in the form's order; "?" may be left out.
ASKED = {
    "new-provider-office": """
        state_or_territory line_of_business group_name group_ptan group_npi tin tin_tag
        contact_name contact_phone contact_extension? contact_email contact_fax? address_line_1 address_line_2? city
        address_state zip request_type submitter_id submitter_name approver_name approver_email approver_phone has_backup
        backup_name backup_email backup_phone claims_sender claims_837 claims_kept? pc_ace pc_ace_license
        era era_receiver_id era_receiver_name era_aggregation has_list provider_list
        official_name official_title official_email official_standing""",
    "new-billing-service": """
        group_name tin tin_tag website? address_line_1 address_line_2? city address_state zip company_phone
        contact_name contact_phone contact_extension? contact_email contact_fax?
        technical_name technical_phone technical_extension? technical_email vendor_list
        marketing_name marketing_phone marketing_extension? marketing_email approver_name approver_email approver_phone
        has_backup backup_name backup_email backup_phone has_list provider_list
        official_name official_title official_email official_standing""",
}


@pytest.mark.parametrize("code", ASKED)
def test_a_form_asks_for_what_it_should(code):
    """Every field of the newest version, and which of them may be left out. [F-2, F-3]"""
    found = kind(code)
    fields = [field.code + ("" if field.required else "?") for field in found.fields]
    assert fields == ASKED[code].split()
    assert found.agreement.text
    if code == "new-provider-office":
        assert found.field("pc_ace_license").text
        assert found.field("era").default == "keep"


@pytest.mark.parametrize(
    ("good", "bad", "part", "sentence"),
    [
        ('type = "npi"', 'type = "npy"', 'type = "npy"', "“type” is one of"),
        ('code = "zip"', 'code = "city"', 'label = "ZIP code"', "not a new one"),
        ('code = "zip"', 'code = "Zip Code"', 'label = "ZIP code"', "not a code"),
        ('label = "Fax"\n', "", 'code = "contact_fax"', "“label” is missing"),
        ('label = "Fax"', 'label = ""', 'label = ""', "“label” is text"),
        ("max_length = 8", 'max_length = "8"', 'max_length = "8"', "is a whole number above zero"),
        ("max_length = 8", "max_length = 0", "max_length = 0", "is a whole number above zero"),
        ("required = false", 'required = "no"', 'required = "no"', "“required” is true or false"),
        ('label = "Fax"', 'label = "Fax"\nlable = "Fax"', "lable", "“lable” is not known here"),
        ('{ request_type = ["add"] }', '{ request_typ = ["add"] }', "request_typ =", "not an earlier field"),
        ('{ request_type = ["add"] }', '{ request_type = ["ad"] }', '["ad"]', "is never answered ad"),
        ('{ pc_ace = ["yes"] }', '{ official_name = ["yes"] }', "{ official_name", "not an earlier field"),
        ('checks = ["full_name"]', 'checks = ["fullname"]', '["fullname"]', "“fullname” is not one of"),
        ('["in_state:address_state"]', '["in_state:adress"]', '["in_state:adress"]', "names no field"),
        ('organization_kind = "provider_office"', 'organization_kind = "hospital"', "hospital", "is one of"),
        ("version = 1", "version = 0", "version = 0", "is a whole number above zero"),
    ],
)
def test_a_mistake_is_named_by_its_line(tmp_path, good, bad, part, sentence):
    """File, line and a sentence that says what would be right. [F-1]"""
    text = TEXT.replace(good, bad, 1)
    found = mistakes(tmp_path, text)
    line = line_of(text, part)
    near = [told for told in found if sentence in told]
    assert near, found
    assert any(abs(int(told.split("line ")[1].split(":")[0]) - line) <= 1 for told in near), (found, line)


def test_all_mistakes_are_named_at_once(tmp_path):
    """A file is corrected once, not once a mistake. [F-1]"""
    text = (
        TEXT.replace('type = "npi"', 'type = "npy"')
        .replace('label = "Fax"\n', "")
        .replace("version = 1", "version = 0", 1)
    )
    assert len(mistakes(tmp_path, text)) == 3


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("code = ", "not TOML"),
        ('code = "x"\nblocks = 3\n', "at least one [[blocks]]"),
        (TEXT.replace("[agreement]", "[agreements]"), "is a table"),
        (TEXT.replace('code = "official_email"', 'code = "mail"'), "Every form asks for official_email"),
        (TEXT.split("choices = [")[0] + "\n", "has “choices”"),
    ],
)
def test_a_file_that_is_no_form_is_refused(tmp_path, text, sentence):
    """And the sentence says why. [F-1]"""
    assert any(sentence in told for told in mistakes(tmp_path, text))


def test_one_version_is_in_one_file(tmp_path):
    """Two files that claim the same version cannot both be right. [F-1]"""
    (tmp_path / "other.toml").write_text(TEXT)
    assert any("in another file already" in told for told in mistakes(tmp_path, TEXT))


def test_versions_of_a_kind_stand_side_by_side(tmp_path):
    """A case keeps the version it was started with. [F-1]"""
    (tmp_path / "one.toml").write_text(TEXT)
    (tmp_path / "two.toml").write_text(TEXT.replace("version = 1", "version = 2", 1))
    assert [kind.version for kind in load(tmp_path)] == [1, 2]


def test_every_type_of_field_is_one_that_a_file_can_name():
    """The words of the file are the words of the rules. [F-1]"""
    assert {field.type for kind in all_kinds() for field in kind.fields} <= set(FieldType)


@pytest.mark.parametrize("code", [*Refusal, *Finding])
def test_every_refusal_and_finding_has_words(code):
    """Nobody reads a code. [F-9]"""
    facts = dict.fromkeys(("seconds", "times", "label", "most", "typed", "state", "other", "days"), 1)
    assert sentence_for(code, **facts) != str(GENERIC)
