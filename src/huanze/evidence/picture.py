"""Reads pictures: whether they are whole, when and where and with what they were taken, how they look.

Every picture is decoded in full, within limits, since a header proves nothing.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import dhash
from PIL import ExifTags, Image, ImageOps

from huanze.base import clock

PIXELS = 100_000_000
"""More pixels than any phone takes; decoded, they fill 300 MB."""
Image.MAX_IMAGE_PIXELS = PIXELS
PUBLIC_SIDE = 2560
FORMATS = ("JPEG", "PNG", "WEBP")
TIME = re.compile(r"(\d{4})[:\-](\d\d)[:\-](\d\d)[ T](\d\d):(\d\d):(\d\d)$")
OFFSET = re.compile(r"[+-]\d\d:\d\d$")
FLAT = (0, (1 << 64) - 1)
TOO_MANY = "超过一亿像素的限制，请缩小后上传。"


@dataclass(frozen=True, slots=True)
class Taken:
    """What a picture says of itself. Place in degrees of WGS 84; ``phash`` is 32 hex digits or nothing."""

    width: int
    height: int
    captured_at: datetime | None
    device: str
    lat: float | None
    lon: float | None
    phash: str


def damage(path: Path) -> str:
    """What keeps a picture from being decoded, as the end of a sentence; nothing when it is whole."""
    try:
        with _open(path) as image:
            if image.width * image.height > PIXELS:
                return TOO_MANY
            image.load()
            _phash(image)
    except Image.DecompressionBombError:
        return TOO_MANY
    except Exception:  # Pillow's decoders raise nearly anything on broken data; each means the same here
        return "已损坏或不完整，无法显示，请重新拍摄或导出后上传。"
    return ""


def read(path: Path) -> Taken:
    """Everything known of a picture that ``damage`` found whole. Broken EXIF counts as none."""
    with _open(path) as image:
        exif = _exif(image)
        details, gps = _ifd(exif, ExifTags.IFD.Exif), _ifd(exif, ExifTags.IFD.GPSInfo)
        lat, lon = _place(gps)
        width, height = image.size
        return Taken(
            width=width,
            height=height,
            captured_at=_time(details) or _time({36867: exif.get(306)}),
            device=_device(exif),
            lat=lat,
            lon=lon,
            phash=_phash(image),
        )


def clean_copy(path: Path, side: int = PUBLIC_SIDE) -> bytes:
    """A JPEG of the pixels alone, upright, at most ``side`` long: no EXIF, place, comment or profile."""
    with _open(path) as image:
        image.draft("RGB", (side, side))
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((side, side))
        out = io.BytesIO()
        _on_white(upright).save(out, "JPEG", quality=85, optimize=True)
        return out.getvalue()


def _open(path: Path) -> Image.Image:
    return Image.open(path, formats=FORMATS)


def _on_white(image: Image.Image) -> Image.Image:
    """New pixels on white; a new image carries nothing over from the old one."""
    clear = Image.new("RGB", image.size, "white")
    if image.mode.startswith("I;16"):  # a 16-bit grey scan; Pillow would clip it to white
        image = image.convert("I").point(lambda v: v / 256).convert("L")
    full = image.convert("RGBA")
    clear.paste(full, mask=full.getchannel("A"))
    return clear


def _phash(image: Image.Image) -> str:
    """Difference hash of rows and columns, 128 bits, of the upright picture; nothing for one without detail."""
    image.draft("L", (128, 128))
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((128, 128))
    small = _on_white(upright).convert("L").resize((9, 9), Image.Resampling.LANCZOS)
    row, column = dhash.dhash_row_col(list(small.tobytes()))
    return "" if row in FLAT and column in FLAT else f"{row << 64 | column:032x}"


def _exif(image: Image.Image) -> Image.Exif:
    try:
        return image.getexif()
    except Exception:
        return Image.Exif()


def _ifd(exif: Image.Exif, which: int) -> dict[int, Any]:
    try:
        return dict(exif.get_ifd(which))
    except Exception:
        return {}


def _text(value: Any) -> str:
    text = value.decode("utf-8", "ignore") if isinstance(value, bytes) else str(value or "")
    return "".join(c for c in text if c.isprintable()).strip()


def _time(details: dict[int, Any]) -> datetime | None:
    """DateTimeOriginal with its offset; without one, China time, since that is where the work is."""
    found = TIME.match(_text(details.get(36867)) or _text(details.get(36868)))
    if not found:
        return None
    offset = _text(details.get(36881))
    try:
        plain = datetime(*(int(x) for x in found.groups()), tzinfo=clock.ZONE)  # type: ignore[arg-type,misc]
        return datetime.fromisoformat(plain.strftime("%Y-%m-%dT%H:%M:%S") + offset) if OFFSET.match(offset) else plain
    except ValueError:
        return None


def _device(exif: Image.Exif) -> str:
    make, model = _text(exif.get(271)), _text(exif.get(272))
    return (model if model.lower().startswith(make.lower()) else f"{make} {model}").strip()[:100]


def _place(gps: dict[int, Any]) -> tuple[float | None, float | None]:
    """Both degrees or neither; 0, 0 is what a phone without a fix writes."""
    try:
        lat, lon = _degrees(gps[2], gps.get(1, "N")), _degrees(gps[4], gps.get(3, "E"))
    except (KeyError, TypeError, ValueError, ZeroDivisionError, IndexError, OverflowError):
        return None, None
    if (lat, lon) == (0, 0) or not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return None, None
    return lat, lon


def _degrees(parts: Any, side: Any) -> float:
    value: float = sum(float(part) / 60.0**n for n, part in enumerate(parts))
    return round(-value if _text(side).upper() in {"S", "W"} else value, 7)
