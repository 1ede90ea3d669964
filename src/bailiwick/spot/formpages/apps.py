from django.apps import AppConfig


class FormPagesConfig(AppConfig):
    name = "bailiwick.spot.formpages"
    label = "spot_formpages"
    default_auto_field = "django.db.models.BigAutoField"
