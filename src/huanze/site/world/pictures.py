"""Pictures made by the program: a scene that is dirty before, dug up during and clean after, with EXIF."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw, ImageFilter

SIZE = (960, 640)
SKY = {"before": (176, 180, 172), "during": (196, 204, 206), "after": (164, 204, 236)}
WATER = {"before": (58, 62, 44), "during": (120, 104, 78), "after": (86, 142, 168)}
BANK = {"before": (108, 98, 70), "during": (158, 126, 84), "after": (98, 146, 84)}


def scene(role: str, seed: int, taken: datetime, lat: float, lon: float) -> bytes:
    """A JPEG of the place ``seed`` stands for, at one of its three times."""
    place, detail = Random(seed), Random(f"{seed}-{role}")  # noqa: S311  (pictures, not secrets)
    image = Image.new("RGB", SIZE, SKY[role])
    draw = ImageDraw.Draw(image)
    horizon = place.randint(220, 300)
    hills = [(0, horizon)] + [(x, horizon - place.randint(20, 120)) for x in range(80, SIZE[0], 120)] + [(SIZE[0], horizon)]
    draw.polygon(hills, fill=tuple(int(c * 0.8) for c in BANK[role]))
    draw.rectangle((0, horizon, *SIZE), fill=BANK[role])
    left, right = place.randint(60, 260), place.randint(620, 900)
    draw.polygon([(left + 120, horizon), (right - 160, horizon), (right, SIZE[1]), (left - 60, SIZE[1])], fill=WATER[role])
    _things(draw, role, detail, horizon)
    for x in [place.randint(0, SIZE[0]) for _ in range(5)]:
        draw.rectangle((x, horizon - 60, x + 24, horizon), fill=(130, 122, 112))
    image = image.filter(ImageFilter.GaussianBlur(1.2))
    out = BytesIO()
    image.save(out, "JPEG", quality=82, exif=_exif(taken, lat, lon))
    return out.getvalue()


def _things(draw: ImageDraw.ImageDraw, role: str, rng: Random, horizon: int) -> None:
    colours = {"before": ((70, 64, 50), (150, 40, 30), (210, 210, 200)), "during": ((230, 170, 30), (120, 90, 60)), "after": ((60, 120, 60), (90, 150, 80))}
    for _ in range(26 if role == "before" else 12):
        x, y, size = rng.randint(0, SIZE[0]), rng.randint(horizon + 10, SIZE[1]), rng.randint(6, 26)
        draw.ellipse((x, y, x + size * 2, y + size), fill=rng.choice(colours[role]))


def _exif(taken: datetime, lat: float, lon: float) -> Image.Exif:
    exif = Image.Exif()
    stamp = taken.strftime("%Y:%m:%d %H:%M:%S")
    exif[0x0110] = "HZ-1"
    exif[0x0132] = stamp
    exif.get_ifd(0x8769)[0x9003] = stamp
    exif.get_ifd(0x8769)[0x9011] = "+08:00"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", _degrees(lat), "E", _degrees(lon)
    return exif


def _degrees(value: float) -> tuple[float, float, float]:
    whole = int(value)
    minutes = int((value - whole) * 60)
    return float(whole), float(minutes), round((value - whole - minutes / 60) * 3600, 4)
