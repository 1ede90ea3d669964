from django.apps import AppConfig


class EnrollmentConfig(AppConfig):
    name = "bailiwick.spot.enrollment"
    label = "spot_enrollment"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from bailiwick.ground.pages.words import register
        from bailiwick.spot.enrollment.rekeying import register_columns
        from bailiwick.spot.enrollment.words import WORDS

        register(WORDS)
        register_columns()
