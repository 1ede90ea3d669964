from django.apps import AppConfig


class RegistrationConfig(AppConfig):
    name = "bailiwick.idm.registration"
    label = "idm_registration"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from bailiwick.ground.pages.words import register
        from bailiwick.idm.registration.rekeying import register_columns
        from bailiwick.idm.registration.words import WORDS

        register(WORDS)
        register_columns()
