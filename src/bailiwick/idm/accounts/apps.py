from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "bailiwick.idm.accounts"
    label = "idm_accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from bailiwick.ground.pages.words import register
        from bailiwick.idm.accounts.rekeying import register_columns
        from bailiwick.idm.accounts.words import WORDS

        register(WORDS)
        register_columns()
