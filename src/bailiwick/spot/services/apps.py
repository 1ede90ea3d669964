from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "bailiwick.spot.services"
    label = "spot_services"

    def ready(self) -> None:
        from bailiwick.ground.pages.words import register
        from bailiwick.spot.services.words import WORDS

        register(WORDS)
