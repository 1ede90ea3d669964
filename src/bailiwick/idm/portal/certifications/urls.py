from django.urls import path

from bailiwick.idm.portal.certifications import many_views, views

ONE = "certifications/<uuid:grant_id>/"

urlpatterns = [
    path("certifications/", many_views.due, name="certifications"),
    path("certifications/decide/", many_views.decide, name="certifications-decide"),
    path("certifications/verify/", many_views.verify, name="certifications-verify"),
    path(ONE, views.show, name="certification"),
    path(f"{ONE}verify/", views.verify, name="certification-verify"),
    path(f"{ONE}decide/", views.decide, name="certification-decide"),
]
