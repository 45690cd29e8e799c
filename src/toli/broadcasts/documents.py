"""Makes the document of each stream: only what the gate lets out, here and now, and until when.

Pure: items, windows of law and `now` are passed in.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from toli.broadcasts import draw
from toli.broadcasts.draw import Candidate
from toli.broadcasts.links import short
from toli.broadcasts.streams import LANGUAGES, TIERS, Stream
from toli.content.models import Item
from toli.content.rules import subject_of
from toli.elections import gate
from toli.elections.gate import Verdict
from toli.elections.windows import Windows
from toli.org import paths

MESSAGES = "messages"
"""The channel of the words a person pastes into a messaging app."""
SAVER_SECONDS = 300
LONGEST_LIFE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Place:
    """A constituency: its id and its path in the organisation."""

    unit_id: int
    path: str


@dataclass(frozen=True, slots=True)
class Offer:
    """An item that a live release lets out to some units."""

    candidate: Candidate
    scope: frozenset[int]
    item: Item


@dataclass(frozen=True, slots=True)
class Made:
    """A document ready to be stored."""

    stream: str
    body: bytes
    etag: str
    valid_until: datetime


@dataclass(slots=True)
class Maker:
    """Makes all documents of one moment; `held` counts what the gate refused, by rule of law."""

    now: datetime
    windows: Windows
    offers: Sequence[Offer]
    next_in: int
    held: Counter[str] = field(default_factory=Counter)
    shown: set[int] = field(default_factory=set)
    _written: dict[Hashable, tuple[bytes, str]] = field(default_factory=dict)

    def make(self, places: Collection[Place]) -> list[Made]:
        """One document for every constituency, tier and language."""
        return [made for place in places for made in self._for_place(place)]

    def _for_place(self, place: Place) -> list[Made]:
        near = set(paths.ancestors(place.path))
        meant = [o for o in self.offers if o.scope & near and o.item.constituency_id in (None, place.unit_id)]
        verdicts = {o.item.pk: self._verdict(o.item, place.unit_id) for o in meant}
        let_out = [o for o in meant if verdicts[o.item.pk].allowed]
        return [made for tier in TIERS for made in self._for_tier(place, tier, let_out, verdicts)]

    def _verdict(self, item: Item, unit_id: int) -> Verdict:
        verdict = gate.may_publish(subject_of(item), unit_id, gate.PULSE, self.now, windows=self.windows)
        if not verdict.allowed:
            self.held[verdict.rule] += 1
        return verdict

    def _for_tier(
        self, place: Place, tier: str, offers: Sequence[Offer], verdicts: Mapping[int, Verdict]
    ) -> list[Made]:
        candidates = draw.for_tier([o.candidate for o in offers], tier)
        drawn = draw.draw(candidates, now=self.now)
        items = {o.item.pk: o.item for o in offers}
        lines = [Line(items[one.item_id], one, self._cleared(items, verdicts, one, place)) for one in drawn]
        ends = min([self.now + LONGEST_LIFE, *(line.ends_at for line in lines), *self._boundary(place)])
        return [self._document(Stream(place.unit_id, tier, tag), lines, drawn, ends) for tag in LANGUAGES]

    def _cleared(
        self, items: Mapping[int, Item], verdicts: Mapping[int, Verdict], one: Candidate, place: Place
    ) -> Verdict:
        """The last thing before an item is written into a document. Raises NotCleared."""
        item = items[one.item_id]
        self.shown.add(item.pk)
        return gate.require(verdicts[item.pk], subject_hash=item.hash, unit_id=place.unit_id, now=self.now)

    def _boundary(self, place: Place) -> list[datetime]:
        edge = self.windows.next_boundary(place.unit_id, self.now)
        return [edge] if edge else []

    def _document(self, stream: Stream, lines: Sequence["Line"], drawn: Sequence[Candidate], ends: datetime) -> Made:
        edge = self.windows.next_boundary(stream.unit_id, self.now)
        silence = self.windows.open_for(stream.unit_id, self.now)
        silent_until = silence.window.ends if silence else None
        key = (stream.language, tuple(drawn), edge, silent_until)
        if key not in self._written:
            self._written[key] = self._write(lines, drawn, stream.language, edge, silent_until)
        return Made(stream.name, *self._written[key], ends)

    def _write(
        self,
        lines: Sequence["Line"],
        drawn: Sequence[Candidate],
        language: str,
        edge: datetime | None,
        silent_until: datetime | None,
    ) -> tuple[bytes, str]:
        """The words and their tag. Most constituencies have the same ones: they are written once."""
        refs = {line.item.pk: str(line.item.ref) for line in lines}
        body: dict[str, Any] = {
            "next_in": self.next_in,
            "saver_in": SAVER_SECONDS,
            "slot": draw.SLOT_SECONDS,
            "items": [line.told(language, edge) for line in lines],
            "new": [refs[pk] for pk in draw.fresh(drawn, now=self.now)],
        }
        if silent_until:
            body["silent_until"] = int(silent_until.timestamp())
        data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        return data, hashlib.sha256(data).hexdigest()[:20]


@dataclass(frozen=True, slots=True)
class Line:
    """One item in one document, with the verdict that lets it be there."""

    item: Item
    candidate: Candidate
    verdict: Verdict

    @property
    def ends_at(self) -> datetime:
        return min(self.candidate.ends_at, self.verdict.expires_at)

    def told(self, language: str, edge: datetime | None) -> dict[str, Any]:
        """What a phone gets. Written as if a rival reads it: no names, no numbers, no ids of people."""
        item = self.item
        texts, sources = item.texts_by_language, item.source_by_language
        told: dict[str, Any] = {
            "id": str(item.ref),
            "kind": item.kind,
            "matter": item.matter,
            "text": texts.get(language) or next(iter(texts.values()), ""),
            "source": sources.get(language) or next(iter(sources.values()), ""),
        }
        if (paste := item.text_for(MESSAGES, language)) != told["text"]:
            told["paste"] = paste
        if item.link:
            told["link"] = item.link
        if item.file.endswith(".jpg"):  # videos, sounds and papers are not shown on the pulse
            told["picture"] = item.file
        if item.matter != gate.Kind.INTERNAL:
            told["code"] = short(item.pk)
            told["share_until"] = int(self._share_until(edge).timestamp())
        return told

    def _share_until(self, edge: datetime | None) -> datetime:
        """An appeal may be shared until the next boundary of law, even by a phone that hears nothing more."""
        if edge is None or self.item.matter != gate.Kind.APPEAL:
            return self.candidate.ends_at
        return min(self.candidate.ends_at, edge)
