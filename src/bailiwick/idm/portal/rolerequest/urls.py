from django.urls import path

from bailiwick.idm.portal.rolerequest import identity_views, manual_views, organization_views, views

urlpatterns = [
    path("role-request/", views.entry, name="role-request"),
    path("role-request/start-over/", views.start_over, name="role-request-start-over"),
    path("role-request/application/", views.select_application, name="role-request-application"),
    path("role-request/role/", views.select_role, name="role-request-role"),
    path("role-request/identity/", identity_views.identity, name="role-request-identity"),
    path("role-request/identity/details/", identity_views.details, name="role-request-details"),
    path("role-request/identity/verified/", identity_views.verified, name="role-request-verified"),
    path("role-request/identity/unavailable/", identity_views.unavailable, name="role-request-unavailable"),
    path("role-request/identity/call/", identity_views.call, name="role-request-call"),
    path("role-request/identity/by-hand/", manual_views.by_hand, name="role-request-by-hand"),
    path("role-request/identity/by-hand/hand-in/", manual_views.hand_in, name="role-request-hand-in"),
    path(
        "role-request/identity/by-hand/<uuid:evidence_id>/remove/",
        manual_views.remove,
        name="role-request-remove-document",
    ),
    path("role-request/organization/", organization_views.organization, name="role-request-organization"),
    path("role-request/organization/create/", organization_views.create, name="role-request-create"),
    path("role-request/organization/search/", organization_views.search, name="role-request-search"),
    path("role-request/organization/pick/", organization_views.pick, name="role-request-pick"),
    path("role-request/organization/change/", organization_views.change, name="role-request-change"),
    path("role-request/review/", views.review, name="role-request-review"),
    path("role-request/submitted/<str:number>/", views.submitted, name="role-request-submitted"),
]
