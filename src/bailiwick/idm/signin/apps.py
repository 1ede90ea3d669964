from django.apps import AppConfig


class SigninConfig(AppConfig):
    name = "bailiwick.idm.signin"
    label = "idm_signin"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from bailiwick.ground.pages.words import register
        from bailiwick.idm.signin.rekeying import register_columns
        from bailiwick.idm.signin.words import WORDS

        register(WORDS)
        register_columns()
