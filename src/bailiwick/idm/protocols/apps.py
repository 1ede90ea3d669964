from django.apps import AppConfig


class ProtocolsConfig(AppConfig):
    name = "bailiwick.idm.protocols"
    label = "idm_protocols"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import bailiwick.idm.protocols.readiness  # noqa: F401 - registers its checks
        from bailiwick.ground.pages.words import register
        from bailiwick.idm.protocols.oidc.words import WORDS

        register(WORDS)
