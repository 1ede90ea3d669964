from django.apps import AppConfig


class SessionsConfig(AppConfig):
    name = "bailiwick.idm.sessions"
    label = "idm_sessions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from bailiwick.ground.pages.words import register
        from bailiwick.idm.sessions.words import WORDS

        register(WORDS)
