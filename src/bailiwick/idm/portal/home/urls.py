from django.urls import path

from bailiwick.idm.portal.home import views

urlpatterns = [path("home/", views.home, name="home")]
