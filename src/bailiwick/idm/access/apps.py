from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "bailiwick.idm.access"
    label = "idm_access"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from bailiwick.ground.pages.words import register
        from bailiwick.idm.access.certification_words import WORDS as CERTIFICATION_WORDS
        from bailiwick.idm.access.words import WORDS

        register(WORDS | CERTIFICATION_WORDS)
