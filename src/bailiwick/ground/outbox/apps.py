from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "bailiwick.ground.outbox"
    label = "outbox"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from bailiwick.ground.outbox.models import InboxMessage, Message
        from bailiwick.ground.outbox.sealing import FORM
        from bailiwick.ground.vault import sealed

        sealed.register(Message, "body", "outbox", row=lambda one: one.key, key="outbox", form=FORM)
        sealed.register(InboxMessage, "body", "outbox", row=lambda one: one.place, key="outbox", form=FORM)
