"""`huanze read`: official documents taken apart. Needs no database and no network."""

from __future__ import annotations

import json
from pathlib import Path

import click

from huanze.reader import Document, UnreadableError
from huanze.reader import read as take_apart


@click.command()
@click.option("--json", "as_json", is_flag=True, help="输出 JSON：一个文件一个对象，多个文件每行一个。")
@click.argument("files", metavar="文件…", nargs=-1, required=True, type=click.Path(path_type=Path))
def read(*, as_json: bool, files: tuple[Path, ...]) -> int:
    """读公文：条款、责任、时限、阈值、事项，逐项标明出处。支持 docx、pdf、html、txt。"""
    failed = 0
    for path in files:
        try:
            document = take_apart(path.read_bytes(), path.name)
        except (OSError, UnreadableError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            click.echo(f"{path.name}：{reason}" if isinstance(error, UnreadableError) else f"{path.name}：打不开（{reason}）。", err=True)
            failed += 1
            continue
        if as_json:
            click.echo(json.dumps(document.to_json(), ensure_ascii=False))
        else:
            click.echo(summary(document))
    return 1 if failed else 0


def summary(document: Document) -> str:
    """One document on half a screen."""
    head = document.head
    rows = [
        ("标题", head.title or "未读到"),
        ("文号", head.doc_number or "无"),
        ("日期", head.date or "未读到"),
        ("发文机关", "、".join(head.issuers) or "未读到"),
        ("条款", f"{len(document.clauses)} 条"),
        ("责任", f"{len(document.responsibilities)} 处"),
        ("时限", f"{sum(not row.reported_practice for row in document.obligations)} 项"),
        ("阈值", f"{len(document.thresholds)} 项"),
        ("事项", f"{len(document.items)} 项，{len({row.dept for row in document.items})} 个部门"),
        ("引用文号", "、".join(dict.fromkeys(row.number for row in document.citations)) or "无"),
        ("修补", f"{len(document.repairs)} 处"),
    ]
    duties = [f"  {row.clause}：{row.snippet}" for row in document.obligations if not row.reported_practice]
    return "\n".join([document.name, *(f"{label}：{value}" for label, value in rows), *duties])
