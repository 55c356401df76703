"""Small files of every kind, made here."""

from __future__ import annotations

import io
import random
import struct
import zipfile

from PIL import Image, ImageDraw, TiffImagePlugin


def picture(seed: int = 1, *, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """A scene of blocks and lines that no other seed gives."""
    draw_of = random.Random(seed)
    image = Image.new("RGB", size, (draw_of.randrange(256), 160, 90))
    draw = ImageDraw.Draw(image)
    for _ in range(40):
        x, y = draw_of.randrange(size[0]), draw_of.randrange(size[1])
        colour = tuple(draw_of.randrange(256) for _ in range(3))
        draw.rectangle((x, y, x + draw_of.randrange(20, 200), y + draw_of.randrange(20, 150)), fill=colour)
    return image


def exif(*, taken: str = "", offset: str = "", device: tuple[str, str] = ("", ""), place: tuple[float, float] | None = None) -> Image.Exif:
    data = Image.Exif()
    if device[1]:
        data[271], data[272] = device
    details = data.get_ifd(0x8769)
    if taken:
        details[36867] = taken
    if offset:
        details[36881] = offset
    if place:
        gps = data.get_ifd(0x8825)
        for ref, key, value, sides in ((1, 2, place[0], "NS"), (3, 4, place[1], "EW")):
            gps[ref] = sides[value < 0]
            whole = abs(value)
            minutes = (whole % 1) * 60
            gps[key] = tuple(TiffImagePlugin.IFDRational(round(n * 10**6), 10**6) for n in (int(whole), int(minutes), minutes % 1 * 60))
    return data


def encoded(image: Image.Image, form: str = "JPEG", **how: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **how)
    return out.getvalue()


def jpeg(seed: int = 1, **said: object) -> bytes:
    return encoded(picture(seed), quality=90, exif=exif(**said), comment=b"secret comment")  # type: ignore[arg-type]


def archive(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members.items():
            packed.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return out.getvalue()


TYPES = {"[Content_Types].xml": b"<Types/>"}
DOCX = archive(**TYPES, word__document_dot_xml=b"<w/>")
XLSX = archive(**TYPES, xl__workbook_dot_xml=b"<x/>")
OFD = archive(OFD_dot_xml=b"<o/>")
MACRO = archive(**TYPES, word__document_dot_xml=b"<w/>", word__vbaProject_dot_bin=b"x")
BOMB = archive(**TYPES, word__document_dot_xml=b"<w/>", word__a_dot_xml=b"\0" * 8_000_000)
ZIP = archive(a_dot_txt=b"a")
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
MP4 = struct.pack(">I4s4sI4s4s", 24, b"ftyp", b"isom", 0x200, b"isom", b"mp42") + struct.pack(">I4s", 8, b"mdat")
MOV = struct.pack(">I4s4sI4s", 20, b"ftyp", b"qt  ", 0x200, b"qt  ")
