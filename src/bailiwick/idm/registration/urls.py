"""New User Registration."""

from django.urls import path

from bailiwick.idm.registration import views

urlpatterns = [
    path("register/", views.step, {"name": "personal"}, name="registration"),
    path("register/contact/", views.step, {"name": "contact"}, name="registration_contact"),
    path("register/password/", views.step, {"name": "password"}, name="registration_password"),
    path("register/user-id/", views.user_id_check, name="registration_user_id"),
    path("register/cancel/", views.cancel, name="registration_cancel"),
    path("register/done/", views.done, name="registration_done"),
]
