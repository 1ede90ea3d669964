from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "bailiwick.idm.site"
    label = "idm_site"
