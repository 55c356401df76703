"""What of a clause's words is its heading."""

from __future__ import annotations

import re

from huanze.reader.numbering import UNNUMBERED
from huanze.reader.units import DEPARTMENT, is_name

MODAL = re.compile(r"(?<![重主需纲摘首紧必概])要(?![求点素闻件务])|应当|必须|不得|应(?=[^用急对])|如下|每年|每月|每季|\d月|以上的")


def heading_of(body: str, sign: str, *, has_children: bool) -> str | None:
    """The heading at the beginning of a clause's words, or None where the first sentence is already content.

    【领导责任】区委… · 完善责任清单。参照… · 整改措施 (a line, or words before a space) · 第一章 总则
    """
    words = body[:2000].strip()  # a heading stands at the beginning
    if boxed := re.match(r"【([^】\n]{1,40})】", words):
        return boxed.group(1)
    if sign == "条":
        return None
    line, _, rest = words.partition("\n")
    if sign in UNNUMBERED:
        return line.strip(" :").split(":")[0]
    line = line[:400]
    line = re.sub(r"\s*\([^()]*(?:\([^()]*\)[^()]*)*(?:牵头|负责|配合|落实)[^()]*\)\s*。?$", "", line) or line
    stop = re.search(r"[。;:!?]", line)
    first = line[: stop.start()] if stop else line
    more = bool(line[stop.end() :].strip() if stop else "") or bool(rest.strip()) or has_children
    if not stop and (space := re.match(r"([^\s,、]{2,20})\s+(?=\S{6})", line)):
        return space.group(1)
    if stop and (space := re.match(r"([^\s,、。:]{2,12})\s+(?=\S)", first)) and (len(first) > 20 or sign in ("编", "章", "节", "一")):
        return space.group(1)
    if stop and stop.group() in ":;!?":
        named = is_name(first) and DEPARTMENT.search(first) is not None  # 县人力资源和社会保障局(县公务员局):负责…
        return None if stop.group() != ":" or (len(first) > 12 and not named) or "," in first or MODAL.search(first) else first
    content = len(first) > 45 or MODAL.search(first) is not None or not first
    if content and not (sign in ("编", "章", "节", "一") and not stop and len(first) <= 60):
        return None
    return first.strip() if more or (not stop and sign in ("编", "章", "节", "一")) else None
