"""Questionnaires over the network: begun, handed in, kept word for word, made a need."""

from matcher.services.intake_online.drafts import Draft, drop_draft, keep_draft, read_draft
from matcher.services.intake_online.envelope import Envelope, read_envelope
from matcher.services.intake_online.handing_in import HandedIn, hand_in

__all__ = [
    "Draft",
    "Envelope",
    "HandedIn",
    "drop_draft",
    "hand_in",
    "keep_draft",
    "read_draft",
    "read_envelope",
]
