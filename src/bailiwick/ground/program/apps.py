from django.apps import AppConfig


class ProgramConfig(AppConfig):
    name = "bailiwick.ground.program"
    label = "program"
    default_auto_field = "django.db.models.BigAutoField"
