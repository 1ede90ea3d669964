"""What a visitor types to register, and sending it, as plain functions."""

from django.test import Client

PERSONAL = {
    "first_name": "María-José",
    "middle_name": "",
    "last_name": "O'Neill Núñez",
    "suffix": "",
    "birth_date_month": "4",
    "birth_date_day": "28",
    "birth_date_year": "1986",
    "ssn": "900-12-3456",
    "email": "Maria@example.org",
    "email_again": "maria@example.org",
    "terms": "on",
}
CONTACT = {
    "in_us": "yes",
    "line_1": "12 Larkspur Lane",
    "line_2": "",
    "city": "Orlando",
    "state": "FL",
    "zip": "32801-0012",
    "country": "",
    "phone": "(202) 555-0142",
    "text_capable": "yes",
}
SECRETS = {
    "user_id": "maria.oneill",
    "password": "Quiet-Lantern-Meadow-7",
    "password_again": "Quiet-Lantern-Meadow-7",
    "question": "first_pet",
    "answer": "Bello the dog",
}
PERSONAL_URL, CONTACT_URL, PASSWORD_URL = "/register/", "/register/contact/", "/register/password/"
DONE_URL, CHECK_URL, CANCEL_URL = "/register/done/", "/register/user-id/", "/register/cancel/"


def register(client: Client, *, personal=None, contact=None, secrets=None):
    """All three steps; the answer to Submit."""
    first_two_steps(client, personal=personal, contact=contact)
    return client.post(PASSWORD_URL, SECRETS | (secrets or {}))


def first_two_steps(client: Client, *, personal=None, contact=None) -> Client:
    client.post(PERSONAL_URL, PERSONAL | (personal or {}))
    client.post(CONTACT_URL, CONTACT | (contact or {}))
    return client


def text(answer) -> str:
    return answer.content.decode()
