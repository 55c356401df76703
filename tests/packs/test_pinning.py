"""A pack as it is stored and pinned to a case (J7)."""

from __future__ import annotations

import pytest

from huanze.rules.packs import checking, loader
from huanze.rules.packs.reading import PackError


@pytest.mark.parametrize("code", loader.shipped_codes())
def test_every_shipped_pack_is_fit(code: str) -> None:
    assert checking.check_shipped(code) == []


@pytest.mark.row("J7")
@pytest.mark.parametrize("code", loader.shipped_codes())
def test_a_stored_pack_comes_back_the_same(code: str) -> None:
    pack = loader.shipped_pack(code)
    again = loader.from_json(loader.to_json(pack))
    assert again == pack
    assert loader.content_hash(again) == loader.content_hash(pack)


@pytest.mark.row("J7")
def test_the_hash_does_not_depend_on_order_or_spacing(tmp_path) -> None:
    texts = [
        "code: aa\nversion: 2025-01-01\ntitle: 甲\nlevel: city\ndocument: {title: 乙}\nclauses: {AA-1: {gist: 一}, AA-2: {gist: 二}}\n",
        "# 注释\nlevel:   city\nclauses:\n  AA-2: {gist: 二}\n  AA-1:\n    gist: 一\ndocument:\n  title: 乙\ntitle: 甲\nversion: 2025-01-01\ncode: aa\n",
    ]
    hashes = set()
    for text in texts:
        folder = tmp_path / "aa"
        folder.mkdir(exist_ok=True)
        (folder / "pack.yaml").write_text(text, encoding="utf-8")
        hashes.add(loader.content_hash(loader.load_folder(folder)))
    assert len(hashes) == 1


@pytest.mark.row("J7")
def test_one_changed_number_changes_the_hash() -> None:
    pack = loader.shipped_pack("xq")
    clock = pack.clocks["acceptance"].model_copy(update={"n": 9})
    assert loader.content_hash(pack.model_copy(update={"clocks": {"acceptance": clock}})) != loader.content_hash(pack)


def test_stored_nonsense_is_refused() -> None:
    with pytest.raises(PackError, match="不是有效的 JSON"):
        loader.from_json("{")
    with pytest.raises(PackError, match="缺少这一项"):
        loader.from_json("{}")


def test_settings_are_the_defaults_until_a_place_decides() -> None:
    pack = loader.shipped_pack("xq")
    assert loader.settings(pack)["near_days"] == 30
    assert loader.settings(pack, {"near_days": 15})["near_days"] == 15


@pytest.mark.parametrize(
    ("local", "told"),
    [
        ({"near_days": 0}, "0 小于下限 1"),
        ({"near_days": 181}, "181 大于上限 180"),
        ({"near_days": "30"}, "应是整数"),
        ({"near_days": True}, "应是整数"),
        ({"count_receipt_day": 1}, "应是“是”或“否”"),
        ({"score_period": ""}, "应是文字"),
        ({"circulate_months": []}, "应是一列同类的值"),
        ({"moon": 3}, "“moon”不在规则包的待定事项之内"),
    ],
)
def test_a_bad_local_setting_is_refused(local, told) -> None:
    with pytest.raises(PackError, match=told):
        loader.settings(loader.shipped_pack("xq"), local)


@pytest.mark.parametrize("edge", [1, 180])
def test_a_local_setting_at_the_limit_is_taken(edge) -> None:
    assert loader.settings(loader.shipped_pack("xq"), {"near_days": edge})["near_days"] == edge
