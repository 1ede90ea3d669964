from django.apps import AppConfig


class HelpdeskConfig(AppConfig):
    name = "bailiwick.spot.helpdesk"
    label = "spot_helpdesk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from bailiwick.ground.pages.words import register
        from bailiwick.spot.helpdesk import registry_words, words

        register(words.WORDS)
        register(registry_words.WORDS)
