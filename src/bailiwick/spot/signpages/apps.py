from django.apps import AppConfig


class SignPagesConfig(AppConfig):
    name = "bailiwick.spot.signpages"
    label = "spot_signpages"
