from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "bailiwick.idm.portal"
    label = "idm_portal"
    default_auto_field = "django.db.models.BigAutoField"
