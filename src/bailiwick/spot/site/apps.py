from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "bailiwick.spot.site"
    label = "spot_site"
