from django.apps import AppConfig


class ProofingConfig(AppConfig):
    name = "bailiwick.idm.proofing"
    label = "idm_proofing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from bailiwick.ground.pages.words import register
        from bailiwick.idm.proofing.rekeying import register_columns
        from bailiwick.idm.proofing.words import WORDS

        register(WORDS)
        register_columns()
