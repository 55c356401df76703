"""`huanze packs check` and `huanze packs show`."""

from __future__ import annotations

import json

from click.testing import CliRunner

from huanze.rules.packs import loader
from huanze.site.commands.packs import packs


def test_check_passes_on_what_is_shipped() -> None:
    result = CliRunner().invoke(packs, ["check"])
    assert result.exit_code == 0
    assert "xq：合格" in result.stdout


def test_check_of_an_unknown_pack_fails_in_words() -> None:
    result = CliRunner().invoke(packs, ["check", "nowhere"])
    assert result.exit_code == 1
    assert "没有代码为“nowhere”的规则包" in result.stderr
    assert "Traceback" not in result.output


def test_show_cites_clauses_and_tells_what_is_left_open() -> None:
    out = CliRunner().invoke(packs, ["show", "xq"]).stdout
    assert "10分以上：发出警示函（扣分单位）（XQ-22/1）" in out
    assert "near_days：“临近整改时限”" in out
    assert "默认 30（XQ-13/1）" in out


def test_show_as_json_is_the_pack_with_its_hash() -> None:
    data = json.loads(CliRunner().invoke(packs, ["show", "zb", "--json"]).stdout)
    assert data.pop("hash") == loader.content_hash(loader.shipped_pack("zb"))
    assert loader.from_json(json.dumps(data)) == loader.shipped_pack("zb")


def test_show_of_an_unknown_pack_fails_in_words() -> None:
    result = CliRunner().invoke(packs, ["show", "nowhere"])
    assert result.exit_code == 1
    assert "现有：" in result.stderr
