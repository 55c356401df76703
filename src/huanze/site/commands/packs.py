"""`huanze packs`: prove rule packs fit, and read one. Needs no database."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from huanze.base import clock
from huanze.reader import UnreadableError
from huanze.reader import read as take_apart
from huanze.rules import conditions
from huanze.rules.deadlines import UNIT_LABELS
from huanze.rules.packs import cases, checking, differing, drafting, loader
from huanze.rules.packs.parts import FREQ_LABELS, LEVEL_LABELS, Setting
from huanze.rules.packs.reading import PackError
from huanze.rules.packs.schema import Form, FormField, Pack, Way

STAGES = {"self_acceptance": "自我验收", "publicity": "公示"}


@click.group()
def packs() -> None:
    """规则包：校验和查看。"""


@packs.command()
@click.argument("codes", nargs=-1, metavar="[代码]...")
def check(codes: tuple[str, ...]) -> None:
    """校验规则包，不写代码即校验全部；有问题时逐条写到标准错误并返回 1。"""
    wrong = 0
    for code in codes or loader.shipped_codes():
        problems = checking.check_shipped(code)
        wrong += len(problems)
        for problem in problems:
            click.echo(problem, err=True)
        if not problems:
            pack = loader.shipped_pack(code)
            click.echo(f"{code}：合格。{len(pack.clauses)}条条款，{len(pack.left_open)}项待定，内容摘要 {loader.content_hash(pack)[:12]}")
    if wrong:
        raise click.ClickException(f"共有{wrong}处问题，请按上文逐条改正")


@packs.command()
@click.argument("code", metavar="代码")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def show(code: str, as_json: bool) -> None:
    """查看一个规则包，含条款出处和留待本地确定的事项。"""
    try:
        pack = loader.shipped_pack(code)
    except PackError as e:
        raise click.ClickException(str(e)) from None
    if as_json:
        data = {**json.loads(loader.to_json(pack)), "hash": loader.content_hash(pack)}
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_lines(pack)))


@packs.command()
@click.argument("file", metavar="文件", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--code", required=True, help="规则包代码，2至8个小写英文字母。")
@click.option("--level", required=True, type=click.Choice(list(LEVEL_LABELS)), help="层级。")
@click.option("--parent", help="所依的上位规则包代码。")
@click.option("--version", type=click.DateTime(["%Y-%m-%d"]), help="版本日期；不写即用成文日期，没有成文日期的用当日。")
@click.option("--corrections", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="更正文件（YAML）。")
@click.option("--cases", "folder", help="要跑的政策案例：规则包代码，或者案例所在的文件夹。")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(list(cases.KINDS)), help="只跑这一类案例，可写多次。")
def draft(file: Path, code: str, level: Any, parent: str | None, version: dt.datetime | None, corrections: Path | None, folder: str | None, kinds: tuple[str, ...]) -> None:
    """读公文，起草规则包，叠加更正；带 --cases 的逐条试跑案例，否则输出规则包全文。须由人处理的写到标准错误。"""
    try:
        head, facts = drafting.of_reading(take_apart(file.read_bytes(), file.name).to_json())
        day = version.date() if version else head.date or clock.today()
        made = drafting.draft(head=head, facts=facts, code=code, level=level, parent=parent, version=day)
        text = drafting.correct(made.text, corrections.read_text(encoding="utf-8"), name=corrections.name) if corrections else made.text
    except (PackError, UnreadableError, OSError, UnicodeDecodeError) as e:
        raise click.ClickException(str(e)) from None
    click.echo("\n".join(f"请处理：{n.clause}{'：' if n.clause else ''}{n.text}" for n in made.notes), err=True)
    if folder is None:
        click.echo(text, nl=False)
    try:
        pack = loader.load_text(text, name=code)
        passed = folder is None or _try(pack, folder, kinds)
    except PackError as e:
        raise click.ClickException(f"草稿还不能用作规则包：\n{e}") from None
    for problem in checking.check(pack):
        click.echo(f"不合格：{problem}", err=True)
    if not passed:
        raise click.ClickException("有案例没有通过，见上文")


def _try(pack: Pack, folder: str, kinds: tuple[str, ...]) -> bool:
    """Run the policy cases of a shipped pack or a folder, telling each. Whether all came true."""
    where = loader.FOLDER / folder / "cases" if folder in loader.shipped_codes() else Path(folder)
    total, passed = Counter[str](), Counter[str]()
    for case in cases.read(where):
        if kinds and case.kind not in kinds:
            continue
        wrong = cases.run(pack, case)
        total[case.kind] += 1
        passed[case.kind] += not wrong
        click.echo(f"{'通过' if not wrong else '未过'}  {case.kind:<10} {case.name}{'：' if wrong else ''}{'；'.join(wrong)}")
    click.echo("；".join(f"{kind} {passed[kind]}/{n}" for kind, n in total.items()))
    click.echo(f"共{sum(total.values())}条案例，通过{sum(passed.values())}条")
    return passed == total


@packs.command()
@click.argument("codes", nargs=-1, required=True, metavar="代码...")
def differ(codes: tuple[str, ...]) -> None:
    """比较几个规则包：逐项列出各自怎样规定、出自哪一条；规定不一致的以“≠”标出。"""
    try:
        table = differing.differ([loader.shipped_pack(code) for code in codes])
    except PackError as e:
        raise click.ClickException(str(e)) from None
    group = ""
    for row in table.rows:
        if row.group != group:
            click.echo(f"\n【{row.group}】")
            group = row.group
        click.echo(f"{'≠' if row.differs else '＝'} {row.label}")
        for code, cell in zip(codes, row.cells, strict=True):
            click.echo(f"    {code:<8} {cell.text}{f'（{cell.clause}）' if cell.clause else ''}")


def _lines(pack: Pack) -> Iterator[str]:
    doc = pack.document
    yield f"{pack.code}  {pack.title}（{LEVEL_LABELS[pack.level]}，版本 {pack.version}）"
    yield f"依据：《{doc.title}》{doc.number or '（无文号）'} {doc.date or ''}".rstrip()
    yield f"上位规则：{pack.parent or '无'}    内容摘要：{loader.content_hash(pack)}"
    if doc.note:
        yield f"说明：{doc.note.strip()}"
    for title, rows in _sections(pack):
        if rows:
            yield f"\n【{title}】"
            yield from (f"  {row}" for row in rows)
    yield "\n【条款】"
    for number, text in pack.clauses.items():
        units = "；".join(u.name for u in text.units)
        yield f"  {number:<8} {text.heading + '：' if text.heading else ''}{text.gist}{f'（{units}）' if units else ''}"


def _sections(pack: Pack) -> Iterator[tuple[str, list[str]]]:
    yield "问题来源", [f"“{s.group}” {LEVEL_LABELS[s.level]}  {s.label}{_cite(s)}" for s in pack.sources]
    yield "发现途径", [f"{w.label}：{_fields(w)}{_cite(w)}" for w in (*pack.ways, pack.handed_down) if w]
    yield "任务类型", [f"{k.label}：{_names(k.plan_fields)}{_cite(k)}" for k in pack.kinds]
    yield "表单", [f"{f.label}：{_fields(f)}{_cite(f)}" for f in pack.forms.values()]
    yield "期限", [f"{c.label}：{c.since or c.after}之日起{_value(c.n)}{UNIT_LABELS[c.unit]}，首日计入：{_value(c.count_first)}{_cite(c)}" for c in pack.clocks.values()]
    yield "可选环节", [STAGES[s] for s in pack.lifecycle.stages] + [
        f"{LEVEL_LABELS[level]}问题由上级组织验收" for level in pack.lifecycle.upper_acceptance_for
    ]
    yield "方案审定", [f"{LEVEL_LABELS[level]}问题：{_value(body)}" for level, body in pack.lifecycle.approver_for.items()]
    if d := pack.dispatch:
        sides = f"主体责任单位报{_names(d.main_fields)}；监管单位报{_names(d.supervising_fields)}"
        yield "调度", [f"{FREQ_LABELS[d.freq]}{_value(d.cutoff)}日以前，{sides}{_cite(d)}"]
    if c := pack.self_check:
        yield "自查", [f"{'、'.join(c.days)}，{'、'.join(c.by)}；逾期的列入下一季度清单{_cite(c)}"]
    yield "定期职责", [_duty(d) for d in pack.duties]
    yield "督促措施", [f"{s.label}：{_condition(s.when)}；{'、'.join(s.issued_by)} → {'、'.join(s.addressee)}{_cite(s)}" for s in pack.ladder]
    yield "扣分", [f"{d.event}：每个{d.points}分{_cite(d)}" for d in pack.deductions]
    yield "上级扣分下传", [f"{p.event}：{p.who}，按上级所扣分值{_cite(p)}" for p in pack.pass_through]
    yield "分值线", [f"{t.at}分以上：{t.label}（{t.addressee}）{_cite(t)}" for t in pack.thresholds]
    yield "结果用途", [f"{u.label}{'' if u.weight is None else '，权重' + _value(u.weight)}{_cite(u)}" for u in pack.uses]
    yield "责任追究情形", [f"{g.label}{_cite(g)}" for g in pack.grounds]
    yield "激励和免责", [f"{i.label}：{'、'.join(i.by)}{_cite(i)}" for i in pack.incentives]
    yield "具体事项", [f"{i.dept} {i.no}. {i.title}（{i.text_says or i.relation}）{_cite(i)}" for i in pack.items]
    yield "清单之外", [f"{f.what}：{'、'.join(f.documents)}{_cite(f)}" for f in (pack.fallback,) if f]
    yield "流域和区域", [f"{a.label}{_area(a)}{_cite(a)}" for a in pack.areas]
    yield "委员会", [f"{c.label}：{c.what}{_cite(c)}" for c in pack.committees]
    yield "审批链", [f"{name}：{s.label}（{_value(s.by)}）{_cite(s)}" for name, chain in pack.approval_chains.items() for s in chain]
    yield "统计", [f"{s.label}（{s.years[0]}—{s.years[1]}年）：{'，'.join(f'{k}{n}' for k, n in s.counts.items())}{_cite(s)}" for s in pack.statistics]
    yield "留待本地确定（上文〔〕内的值）", [
        f"{key}：“{t.term}”——{t.meaning}；默认 {_value(t.default)}（{t.clause}）" for key, t in pack.left_open.items()
    ]


def _area(area: Any) -> str:
    said = (f"{area.count}个" if area.count else "", f"{area.lead}推动" if area.lead else "", "、".join(area.members), "、".join(area.tasks))
    unified = f"统一{'、'.join(area.unified)}" if area.unified else ""
    return "".join(f"；{s}" for s in (*said, unified) if s)


def _cite(part: Any) -> str:
    return f"（{part.clause}）"


def _value(value: Any) -> str:
    if isinstance(value, Setting):
        return f"〔{value.setting}〕"
    if isinstance(value, bool):
        return "是" if value else "否"
    return conditions.say(value)


def _fields(form: Form | Way) -> str:
    return _names(form.fields)


def _names(fields: Iterable[FormField]) -> str:
    return "、".join(f.label + ("" if f.required else "（选填）") for f in fields)


def _duty(duty: Any) -> str:
    when = "、".join(duty.value.due) or FREQ_LABELS.get(duty.value.freq, "日期未定")
    if duty.value.every:
        when += f"，至少每{_value(duty.value.every)}个月一次"
    copies = "".join(f"，{c.type}{'、'.join(c.units)}" for c in duty.copy_to)
    to = f" → {'、'.join(duty.report_to)}" if duty.report_to else ""
    return f"{when}  {duty.what}：{'、'.join(duty.obliged)}{to}{copies}{'，向社会公开' if duty.publish else ''}{_cite(duty)}"


def _condition(condition: conditions.Condition) -> str:
    match condition:
        case conditions.All(parts):
            return "且".join(_inner(p) for p in parts)
        case conditions.Any_(parts):
            return "或".join(_inner(p) for p in parts)
        case conditions.Not(part):
            return f"并非{_inner(part)}"
        case conditions.Compare(fact, op, value):
            spec = conditions.FACTS[fact]
            said = f"〔{value.key}〕{spec.suffix}" if isinstance(value, conditions.SettingRef) else _value(value) + spec.suffix
            return f"{spec.label}{conditions.OP_WORDS[op][0]}{said}"


def _inner(part: conditions.Condition) -> str:
    return _condition(part) if isinstance(part, conditions.Compare) else f"（{_condition(part)}）"
