from django.apps import AppConfig


class SigninConfig(AppConfig):
    name = "bailiwick.spot.signin"
    label = "spot_signin"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import bailiwick.spot.signin.readiness  # noqa: F401 - registers its checks
        from bailiwick.ground.pages.words import register
        from bailiwick.spot.signin.rekeying import register_columns
        from bailiwick.spot.signin.words import WORDS

        register(WORDS)
        register_columns()
