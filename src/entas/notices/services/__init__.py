"""What is done with messages: sending them to people, reading them, bringing them out."""

from entas.notices.services.notifying import notify, notify_right_holders
from entas.notices.services.reading import mark_all_read, mark_read
from entas.notices.services.sending import send_waiting

__all__ = ["mark_all_read", "mark_read", "notify", "notify_right_holders", "send_waiting"]
