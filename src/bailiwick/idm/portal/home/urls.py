from django.urls import path

from bailiwick.idm.portal.home import views

urlpatterns = [
    path("home/", views.home, name="home"),
    path("home/<slug:application>/sign-in-by.ics", views.sign_in_by, name="sign-in-by"),
]
