"""Paths of the forms: everything below a tracking number needs the code that was mailed for it (F-9)."""

from django.urls import path, register_converter

from bailiwick.spot.formpages import case_views, entry_views, list_views, review_views, step_views


class TrackingNumber:
    """`F-7K3M-94QX-4TCP`, however its letters are typed."""

    regex = "[Ff](?:-[0-9A-Za-z]{4}){3}"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value


register_converter(TrackingNumber, "tracking")

app_name = "spot_formpages"

urlpatterns = [
    path("forms/", entry_views.forms, name="forms"),
    path("forms/start/<slug:kind>/", entry_views.start, name="start"),
    path("forms/track/", entry_views.track, name="track"),
    path("forms/<tracking:tracking>/code/", entry_views.code, name="code"),
    path("forms/<tracking:tracking>/code/send/", entry_views.send_code, name="send-code"),
    path("forms/<tracking:tracking>/", case_views.show, name="case"),
    path("forms/<tracking:tracking>/signed.pdf", case_views.signed_form, name="signed-form"),
    path("forms/<tracking:tracking>/letters/<int:number>.pdf", case_views.letter, name="letter"),
    path("forms/<tracking:tracking>/close/", case_views.close, name="close"),
    path("forms/<tracking:tracking>/withdraw/", case_views.withdraw, name="withdraw"),
    path("forms/<tracking:tracking>/send-link-again/", case_views.send_link_again, name="send-link-again"),
    path("forms/<tracking:tracking>/mailbox/", case_views.mailbox, name="mailbox"),
    path("forms/<tracking:tracking>/mailbox/send/", case_views.send_mailbox_code, name="send-mailbox-code"),
    path("forms/<tracking:tracking>/step/<slug:code>/", step_views.step, name="step"),
    path("forms/<tracking:tracking>/step/<slug:code>/check/", step_views.check, name="check"),
    path("forms/<tracking:tracking>/list/<slug:code>/", list_views.show, name="list"),
    path("forms/<tracking:tracking>/list/<slug:code>/list.csv", list_views.take_along, name="list-csv"),
    path(
        "forms/<tracking:tracking>/list/<slug:code>/template.csv",
        list_views.template_csv,
        name="template-csv",
    ),
    path(
        "forms/<tracking:tracking>/list/<slug:code>/template.xlsx",
        list_views.template_xlsx,
        name="template-xlsx",
    ),
    path("forms/<tracking:tracking>/review/", review_views.review, name="review"),
    path("forms/<tracking:tracking>/review/payer/", review_views.ask_payer, name="ask-payer"),
]
