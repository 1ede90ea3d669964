from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "bailiwick.spot.portal"
    label = "spot_portal"
    default_auto_field = "django.db.models.BigAutoField"
