from django.apps import AppConfig


class UploadsConfig(AppConfig):
    name = "bailiwick.ground.uploads"
    label = "uploads"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from bailiwick.ground.pages.words import register
        from bailiwick.ground.uploads.models import Sealed
        from bailiwick.ground.uploads.queries import PLACE
        from bailiwick.ground.uploads.words import WORDS
        from bailiwick.ground.vault import sealed

        register(WORDS)
        sealed.register(Sealed, "data", PLACE)
