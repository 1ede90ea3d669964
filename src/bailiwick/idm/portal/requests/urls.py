from django.urls import path

from bailiwick.idm.portal.requests import views

urlpatterns = [
    path("requests/<str:number>/", views.show, name="request"),
    path("requests/<str:number>/verify/", views.verify, name="request-verify"),
    path("requests/<str:number>/approve/", views.approve, name="request-approve"),
    path("requests/<str:number>/deny/", views.deny, name="request-deny"),
    path("requests/<str:number>/cancel/", views.cancel, name="request-cancel"),
]
