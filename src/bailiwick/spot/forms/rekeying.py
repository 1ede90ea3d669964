"""What a change of keys does to cases (L-4)."""

from django.db import transaction

from bailiwick.ground import vault
from bailiwick.ground.vault import sealed
from bailiwick.spot.enrollment.models import TIN_PURPOSE
from bailiwick.spot.forms.models import ANSWERS, ROWS, AccessCode, Case, FileCheck, RowList, Version
from bailiwick.spot.forms.queries import answers_of, asking_about, group_digest
from bailiwick.spot.forms.tallies import Tally
from bailiwick.spot.rules.access import CodeState
from bailiwick.spot.rules.filechecks import Matter


def register_columns() -> None:
    """Name this room's sealed and keyed columns to the vault."""
    sealed.register(Version, "answers_sealed", ANSWERS, row=lambda one: f"{one.case_id}:{one.revision}")
    sealed.register(RowList, "rows_sealed", ROWS, row=lambda one: f"{one.case_id}:{one.digest}")
    sealed.register_digest(Case, "group_ptan_npi_digest", redo=lambda case: group_digest(answers_of(case)))
    sealed.register_digest(Case, "tin_digest", key="ssn", redo=_tin_redone, turn=_turn_tin)
    sealed.register_digest(FileCheck, "facts_digest", redo=_asked_redone)
    sealed.register_digest(AccessCode, "digest", redo=_over)
    # Counters of a span: they begin anew with a new key, and the old rows pass away.
    sealed.register_digest(Tally, "key")


def _tin_redone(case: Case) -> bytes | None:
    tin = answers_of(case).get("tin", "")
    return vault.stretched_digest(tin, purpose=TIN_PURPOSE) if tin else None


def _turn_tin(case: Case, new: bytes) -> bool:
    """The TIN's digest goes into those of the questions that were asked of the payer: all are made anew together."""
    with transaction.atomic():
        held = Case.objects.select_for_update().get(pk=case.pk)
        if bytes(held.tin_digest or b"") != bytes(case.tin_digest or b""):
            return False
        fitting = [check for check in held.file_checks.all() if _fits(check, held)]
        held.tin_digest = new
        held.save(update_fields=["tin_digest"])
        for check in fitting:
            FileCheck.objects.filter(pk=check.pk).update(facts_digest=_asked(check, held))
    return True


def _fits(check: FileCheck, case: Case) -> bool:
    asked = asking_about(Matter(check.matter), case, answers_of(case, check.revision))
    return asked is not None and bytes(check.facts_digest) in asked.digests


def _asked(check: FileCheck, case: Case) -> bytes:
    asked = asking_about(Matter(check.matter), case, answers_of(case, check.revision))
    return asked.digest if asked else _gone(check)


def _asked_redone(check: FileCheck) -> bytes:
    return _asked(check, check.case) if _fits(check, check.case) else _gone(check)


def _gone(check: FileCheck) -> bytes:
    """What no facts have: of a question about answers that were changed since."""
    return vault.digest(str(check.pk), purpose="form-check.gone")


def _over(code: AccessCode) -> bytes | None:
    """A live code is compared under its own key; one that is used or void is compared with nothing any more."""
    is_live = code.state == CodeState.LIVE.value
    return None if is_live else vault.digest(str(code.pk), purpose="form-code.over")
