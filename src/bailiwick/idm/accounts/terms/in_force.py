"""The Terms & Conditions that this deployment has in force (R-6)."""

from django.conf import settings

from bailiwick.idm.accounts.terms import Terms, current_terms, translated_terms


def terms_in_force() -> Terms:
    """The Terms & Conditions as they are to be accepted now (R-6)."""
    return current_terms(settings.TERMS_DIRECTORY)


def terms_in(language: str) -> dict[str, Terms | None]:
    """For a page: `terms` in force, and their `translation` into its language, None where there is none."""
    terms = terms_in_force()
    return {
        "terms": terms,
        "translation": translated_terms(terms.version, language, settings.TERMS_DIRECTORY),
    }
