from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "bailiwick.idm.applications"
    label = "idm_applications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # A mistake in an application file stops the start, not the first sign-in.
        from bailiwick.ground.pages.words import register
        from bailiwick.idm.applications.queries import catalogue
        from bailiwick.idm.applications.words import WORDS

        register(WORDS)
        catalogue()
