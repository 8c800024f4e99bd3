"""Send a letter about an account."""

from __future__ import annotations

from celery import shared_task


@shared_task(
    name="baton.send_account_letter",
    # SMTP's errors are among them.
    autoretry_for=(OSError,),
    retry_backoff=30,
    retry_backoff_max=600,
    max_retries=6,
)
def send_account_letter(event_id: int) -> None:
    """Send the letter that an event asks for; a mail server that is gone is tried again for some twenty minutes."""
    from baton.reactions.account_mail import send_letter

    send_letter(event_id)
