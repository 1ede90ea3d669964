"""`/api/v1/…`"""

from django.urls import path

from bailiwick.idm.protocols.provisioning.api import make_api

urlpatterns = [path("api/v1/", make_api().urls)]
