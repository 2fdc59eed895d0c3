"""The keys of a browser that nobody has: those of the example in RFC 8291, section 5."""

from __future__ import annotations

from typing import Final

P256DH: Final = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH: Final = "BTBZMqHH6r4Tts7J_aSIgg"
KEYS: Final = {"p256dh": P256DH, "auth": AUTH}
SUBSCRIBED: Final = f"""if (isSecureContext && location.protocol !== "about:") {{
  PushManager.prototype.getSubscription = async () => null;
  PushManager.prototype.subscribe = async () => ({{
    toJSON: () => ({{ endpoint: "https://push.example.org/1", keys: {{ p256dh: "{P256DH}", auth: "{AUTH}" }} }}),
  }});
}}"""
"""What makes a page's browser give them, at once and without asking anybody."""
