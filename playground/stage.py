"""All parts of one running playground, as the Web API and the driving interface see them."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from playground.agreements import Agreements
from playground.complaints import Complaints
from playground.delivery import Delivery
from playground.events import Events
from playground.grants import Grants
from playground.live import Live
from playground.mishaps import Mishaps
from playground.posting import Posting
from playground.records import Json
from playground.signed_http import SignedHttp
from playground.sockets import Sockets
from playground.views import Views
from playground.workspace import Workspace

MAX_EPHEMERAL = 500
# Says what is wrong with a payload of the app; the kind is message, view or options.
Judge = Callable[[str, Any], Sequence[str]]


@dataclass
class Stage:
    """The parts. `url` has no slash at its end."""

    workspace: Workspace
    delivery: Delivery
    sockets: Sockets
    http: SignedHttp
    events: Events
    posting: Posting
    views: Views
    grants: Grants
    mishaps: Mishaps
    live: Live
    url: str
    notice: str = ""
    suggestions: tuple[str, ...] = ()
    judge: Judge | None = None
    complaints: Complaints = field(default_factory=Complaints)
    agreements: Agreements = field(default_factory=Agreements)
    ephemeral: dict[str, deque[Json]] = field(default_factory=dict)

    def whisper(self, user_id: str, message: Json) -> Json:
        """Show a message to one member only; like Slack's it is not kept over a restart."""
        shelf = self.ephemeral.setdefault(user_id, deque(maxlen=MAX_EPHEMERAL))
        shelf.append(message)
        self.live.tell(user_id, {"type": "ephemeral", "channel": message["channel"], "message": message})
        return message

    def unwhisper(self, user_id: str, ts: str) -> None:
        """Take a message to one member away."""
        shelf = self.ephemeral.get(user_id, deque())
        for message in [m for m in shelf if m["ts"] == ts]:
            shelf.remove(message)
            self.live.tell(user_id, {"type": "gone", "channel": message["channel"], "ts": ts})
