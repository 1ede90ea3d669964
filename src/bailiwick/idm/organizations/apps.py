from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "bailiwick.idm.organizations"
    label = "idm_organizations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from bailiwick.ground.pages.words import register
        from bailiwick.idm.organizations.rekeying import register_columns
        from bailiwick.idm.organizations.words import WORDS

        register(WORDS)
        register_columns()
