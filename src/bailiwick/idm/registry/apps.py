from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "bailiwick.idm.registry"
    label = "idm_registry"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from bailiwick.ground.pages.words import register
        from bailiwick.ground.vault import sealed
        from bailiwick.idm.registry.models import Correction
        from bailiwick.idm.registry.queries.corrections import PROPOSED_PLACE
        from bailiwick.idm.registry.words import WORDS

        register(WORDS)
        sealed.register(Correction, "proposed_sealed", PROPOSED_PLACE)
