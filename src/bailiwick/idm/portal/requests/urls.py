from django.urls import path

from bailiwick.idm.portal.requests import many_views, views

urlpatterns = [
    path("requests/", many_views.waiting, name="requests-waiting"),
    path("requests/decide/", many_views.decide, name="requests-decide"),
    path("requests/verify/", many_views.verify, name="requests-verify"),
    path("requests/<str:number>/", views.show, name="request"),
    path("requests/<str:number>/verify/", views.verify, name="request-verify"),
    path("requests/<str:number>/approve/", views.approve, name="request-approve"),
    path("requests/<str:number>/deny/", views.deny, name="request-deny"),
    path("requests/<str:number>/cancel/", views.cancel, name="request-cancel"),
]
