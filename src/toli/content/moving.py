"""Videos and sounds, made anew by ffmpeg where this machine has it: no metadata of the phone, the label burnt in.

ffmpeg is told how to read a file by what its first bytes said, and may open nothing but that file: a play list that
names an address on our network is no video.
"""

from __future__ import annotations

import json
import math
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from toli.content import labels

LONGEST_SIDE = 1280
MOST_SECONDS = 15 * 60
MOST_PIXELS = 4096 * 2304
TIMEOUT = 15 * 60
"""Seconds ffmpeg may take for one file."""
VIDEO, AUDIO = "mp4", "m4a"
_QUIET = ["-nostdin", "-hide_banner", "-loglevel", "error"]
_BARE = ["-map_metadata", "-1", "-map_chapters", "-1", "-sn", "-dn"]


class CannotPrepare(Exception):
    """`why` is a key of `rules.MEDIA_REFUSALS`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Seen:
    """What a file holds; sizes in pixels of the first picture, 0 where there is none."""

    seconds: float
    width: int
    height: int
    has_sound: bool


@dataclass(frozen=True, slots=True)
class Label:
    """What is burnt in, who answers for it, and the recording that says it (sounds only)."""

    key: str
    responsible: str
    recording: Path | None = None


def is_there() -> bool:
    """Whether this machine can prepare videos and sounds."""
    return bool(shutil.which("ffmpeg") and shutil.which("ffprobe"))


def look_at(file: Path, demuxer: str) -> Seen:
    """Raises CannotPrepare."""
    told = _told(file, demuxer)
    streams = told.get("streams", [])
    pictures = [s for s in streams if s.get("codec_type") == "video" and not _is_cover(s)]
    width, height = (int(pictures[0].get(side) or 0) for side in ("width", "height")) if pictures else (0, 0)
    sound = any(s.get("codec_type") == "audio" for s in streams)
    seconds = _seconds(told)
    if not pictures and not sound:
        raise CannotPrepare("unreadable")
    if width * height > MOST_PIXELS:
        raise CannotPrepare("pixels")
    if not 0 < seconds <= MOST_SECONDS:
        raise CannotPrepare("long" if seconds else "unreadable")
    return Seen(seconds, width, height, sound)


def _is_cover(stream: dict[str, Any]) -> bool:
    """A sound's own picture, which is no video."""
    return bool(stream.get("disposition", {}).get("attached_pic"))


def _seconds(told: dict[str, Any]) -> float:
    try:
        return float(told.get("format", {}).get("duration", 0))
    except ValueError:
        return 0.0


def _told(file: Path, demuxer: str) -> dict[str, Any]:
    asked = ["-show_streams", "-show_format", "-of", "json"]
    done = _run(["ffprobe", "-hide_banner", "-loglevel", "error", *_only(file, demuxer), *asked], timeout=60)
    try:
        found: dict[str, Any] = json.loads(done)
    except ValueError:
        raise CannotPrepare("unreadable") from None
    return found


def _only(file: Path, demuxer: str) -> list[str]:
    return ["-protocol_whitelist", "file", "-f", demuxer, "-i", f"file:{file}"]


def _run(command: list[str], *, timeout: float = TIMEOUT) -> bytes:
    """What it printed. Raises CannotPrepare when it fails or takes too long."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=timeout, check=False)
    except subprocess.TimeoutExpired:
        raise CannotPrepare("slow") from None
    if done.returncode != 0:
        raise CannotPrepare("unreadable")
    return done.stdout


def video(file: Path, demuxer: str, folder: Path, label: Label | None) -> Path:
    """The video as MP4 of at most 1280 pixels a side; the label stands at the top of every frame."""
    first, target = folder / "first.png", folder / f"made.{VIDEO}"
    side = f"'if(gte(iw,ih),min({LONGEST_SIDE},iw),-2)':'if(gte(iw,ih),-2,min({LONGEST_SIDE},ih))'"
    fit = f"scale={side}:flags=bicubic,crop='trunc(iw/2)*2':'trunc(ih/2)*2',setsar=1"
    _run(["ffmpeg", *_QUIET, *_only(file, demuxer), "-frames:v", "1", "-vf", fit, "-y", str(first)], timeout=120)
    graph, extra = f"[0:v:0]{fit}[o]", []
    if label is not None:
        with Image.open(first, formats=["PNG"]) as frame:
            labels.band(label.key, *frame.size).save(folder / "band.png")
        extra = ["-i", str(folder / "band.png")]
        graph = f"[0:v:0]{fit}[v];[v][1:v]overlay=0:0[o]"
    _run([
        "ffmpeg", *_QUIET, *_only(file, demuxer), *extra, "-filter_complex", graph, "-map", "[o]", "-map", "0:a:0?",
        "-c:v", "libx264", "-preset", "veryfast", "-crf", "26", "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "96k",
        *_BARE, *_said(label), "-movflags", "+faststart", "-y", str(target),
    ])  # fmt: skip
    return target


def audio(file: Path, demuxer: str, folder: Path, label: Label | None, seconds: float) -> Path:
    """The sound as AAC; the recording that says the label fills its first tenth. Raises CannotPrepare("recording")."""
    target = folder / f"made.{AUDIO}"
    plain = "aresample=44100,aformat=channel_layouts=mono"
    graph, before = f"[0:a:0]{plain}[o]", []
    if label is not None:
        if label.recording is None:
            raise CannotPrepare("recording")
        before = ["-stream_loop", "-1", "-t", f"{label_seconds(seconds):.2f}", "-protocol_whitelist", "file", "-f",
                  "mov", "-i", f"file:{label.recording}"]  # fmt: skip
        graph = f"[0:a:0]{plain}[a];[1:a:0]{plain}[b];[a][b]concat=n=2:v=0:a=1[o]"
    _run([
        "ffmpeg", *_QUIET, *before, *_only(file, demuxer), "-filter_complex", graph, "-map", "[o]",
        "-c:a", "aac", "-b:a", "96k", *_BARE, *_said(label), "-movflags", "+faststart", "-y", str(target),
    ])  # fmt: skip
    return target


def label_seconds(seconds: float) -> float:
    """How long the label is said before a sound of this length, so that it is a tenth of the whole."""
    return math.ceil(seconds * labels.SHARE / (1 - labels.SHARE) * 100 + 5) / 100


def _said(label: Label | None) -> list[str]:
    if label is None:
        return []
    return ["-metadata", f"comment={labels.WORDS[label.key]}", "-metadata", f"artist={label.responsible}"]
