"""What the app did that Slack would refuse or readers would suffer from: kept for whoever tests the app."""

from collections import deque
from dataclasses import asdict, dataclass, field

from playground.records import Json, SlackError

MAX_KEPT = 200
PAYLOAD_REFUSALS = {
    "invalid_arguments",
    "invalid_attachments",
    "invalid_blocks",
    "invalid_blocks_format",
    "invalid_metadata_format",
    "invalid_metadata_schema",
    "invalid_response_action",
    "markdown_text_conflict",
    "metadata_too_large",
    "msg_blocks_too_long",
    "msg_too_long",
    "no_text",
    "push_limit_reached",
    "too_many_attachments",
    "view_too_large",
}


@dataclass(frozen=True)
class Complaint:
    """One thing that is wrong: `where` is a method or a kind of answer, `why` says what and at which place."""

    where: str
    why: str


@dataclass
class Complaints:
    """The latest complaints; each is kept once."""

    kept: deque[Complaint] = field(default_factory=lambda: deque(maxlen=MAX_KEPT))

    def add(self, where: str, *reasons: str) -> None:
        """Keep what is wrong."""
        for why in reasons:
            complaint = Complaint(where, why)
            if complaint not in self.kept:
                self.kept.append(complaint)

    def refused(self, where: str, refusal: SlackError) -> None:
        """Keep a refusal if it is the payload that was wrong."""
        if refusal.code in PAYLOAD_REFUSALS:
            self.add(where, *refusal.more.get("response_metadata", {}).get("messages", [refusal.code]))

    def to_json(self) -> list[Json]:
        """Return all, the oldest first."""
        return [asdict(complaint) for complaint in self.kept]
