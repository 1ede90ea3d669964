from importlib import import_module

from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "bailiwick.spot.forms"
    label = "spot_forms"
    default_auto_field = "django.db.models.BigAutoField"

    def import_models(self) -> None:
        super().import_models()
        # Parts of the models that stand in files of their own.
        for part in ("objections", "signeddocuments", "tallies", "waits"):
            import_module(f"bailiwick.spot.forms.{part}")

    def ready(self) -> None:
        from bailiwick.ground.pages.words import register
        from bailiwick.spot.forms.certificate_words import WORDS as CERTIFICATE_WORDS
        from bailiwick.spot.forms.kinds import all_kinds
        from bailiwick.spot.forms.listwords import WORDS as LIST_WORDS
        from bailiwick.spot.forms.rekeying import register_columns
        from bailiwick.spot.forms.signing_words import WORDS as SIGNING_WORDS
        from bailiwick.spot.forms.words import WORDS

        register(WORDS)
        # A mistake in a schema file stops the start, not a person half-way through a form.
        all_kinds()
        register(SIGNING_WORDS)
        register(LIST_WORDS)
        register(CERTIFICATE_WORDS)
        register_columns()
