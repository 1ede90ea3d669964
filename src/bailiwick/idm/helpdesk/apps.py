from django.apps import AppConfig


class HelpdeskConfig(AppConfig):
    name = "bailiwick.idm.helpdesk"
    label = "idm_helpdesk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from bailiwick.ground.pages.words import register
        from bailiwick.idm.helpdesk.rekeying import register_columns
        from bailiwick.idm.helpdesk.words import WORDS

        register(WORDS)
        register_columns()
