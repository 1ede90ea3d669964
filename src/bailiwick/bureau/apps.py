from django.apps import AppConfig


class BureauConfig(AppConfig):
    name = "bailiwick.bureau"
    label = "bureau"
    default_auto_field = "django.db.models.BigAutoField"
