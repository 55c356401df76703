"""What goes wrong in the invented district, field by field: titles, measures and words for the forms."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Story:
    """A kind of problem. ``{n}`` is a number, ``{where}`` a place; measures end in what can be counted."""

    field: str
    title: str
    text: str
    measures: tuple[str, ...]
    target: str
    kind: str = "immediate"


STORIES: tuple[Story, ...] = (
    Story("住房城乡建设", "{where}生活污水直排", "{where}沿河{n}处生活污水未纳管，晴天有水流出，水体发黑。", ("新建污水管网{n}公里", "封堵直排口{n}处"), "沿河生活污水全部收集，消除直排"),
    Story("住房城乡建设", "{where}工地扬尘防治不到位", "{where}在建工地{n}处裸土未覆盖，出入口未冲洗。", ("裸土覆盖{n}处", "安装冲洗设施{n}套"), "工地扬尘防治措施全部到位"),
    Story("住房城乡建设", "{where}垃圾中转站渗滤液外溢", "{where}垃圾中转站渗滤液收集池破损，外溢至路面。", ("修复收集池{n}座", "清运积存渗滤液{n}吨"), "渗滤液全部收集处理"),
    Story("水务", "{where}河道黑臭", "{where}段{n}百米河道水体发黑，有异味。", ("清淤河道{n}百米", "排查整治入河排口{n}处"), "消除黑臭，水质达到功能区要求", "long_term"),
    Story("水务", "{where}非法采砂坑未修复", "{where}河滩留有采砂坑{n}处，岸坡裸露。", ("回填采砂坑{n}处", "修复岸坡{n}百米"), "岸坡全部修复", "legacy"),
    Story("水务", "{where}污水处理站停运", "{where}农村污水处理站设备损坏，停运{n}天。", ("维修设备{n}台", "建立运行维护台账"), "处理站稳定运行，出水达标"),
    Story("农业农村", "{where}养殖粪污直排沟渠", "{where}养殖户{n}家粪污未处理，排入沟渠。", ("建设粪污贮存设施{n}套", "清理沟渠{n}百米"), "粪污全部收集利用"),
    Story("农业农村", "{where}农药包装废弃物散落", "{where}田头散落农药包装，回收点{n}处未启用。", ("启用回收点{n}处", "清理散落废弃物"), "农药包装废弃物全部回收"),
    Story("农业农村", "{where}秸秆堆放占压河岸", "{where}河岸堆放秸秆{n}处，汛期入河。", ("清运秸秆{n}处",), "河岸秸秆全部清理"),
    Story("交通运输", "{where}码头污水未收集", "{where}码头{n}个泊位无船舶污染物接收设施。", ("建设接收设施{n}套", "与港口单位落实转运联单"), "船舶污染物全部接收转运"),
    Story("交通运输", "{where}公路边沟油污", "{where}公路边沟积存油污{n}处，来自沿线修车点。", ("清理油污{n}处", "规范修车点{n}家"), "边沟无油污"),
    Story("自然资源", "{where}废弃矿山未复绿", "{where}废弃采石场裸露岩面{n}亩，水土流失。", ("复绿{n}亩", "修建截排水沟{n}百米"), "裸露岩面全部治理", "legacy"),
    Story("自然资源", "{where}违规占用湿地", "{where}湿地边缘被填占{n}亩。", ("清退填占{n}亩", "恢复植被{n}亩"), "湿地全部恢复", "long_term"),
    Story("工业", "{where}企业废气收集不全", "{where}{n}家企业喷涂废气无组织排放，群众反映异味。", ("安装收集处理设施{n}套", "开展泄漏检测{n}家"), "废气收集处理率达到95%以上"),
    Story("工业", "{where}固体废物露天堆存", "{where}厂区露天堆存炉渣{n}吨，无防渗。", ("清运炉渣{n}吨", "建设规范堆场{n}处"), "固体废物全部规范贮存"),
    Story("工业", "{where}园区雨污混流", "{where}雨水井{n}处检出工业废水。", ("改造雨污分流管网{n}百米", "封堵混接{n}处"), "园区雨污全部分流", "long_term"),
    Story("市场监管", "{where}加油站油气回收失效", "{where}{n}座加油站油气回收装置失效。", ("更换回收装置{n}套",), "油气回收装置全部正常运行"),
)

SPOTS = ("东岸", "西段", "二号桥", "老街", "北坡", "下游闸口", "工业路", "渡口", "南圩", "湾里", "三组", "旧厂区")
VIEWS = ("现场核查，措施已落实，同意通过。", "资料齐全，现场与图片一致，同意通过。", "整改到位，同意通过。")
FAULTS = ("西侧一处仍有渗漏，应补做封堵。", "台账与现场数量不符，应核对后重报。", "复绿苗木成活率不足，应补植。")


def pick(rng: Random, field: str | None = None) -> Story:
    return rng.choice([s for s in STORIES if field in (None, s.field)])


def tell(story: Story, rng: Random, town: str) -> tuple[str, str, str]:
    """Title, description and place with the blanks filled."""
    spot, n = rng.choice(SPOTS), rng.randint(2, 9)
    return story.title.format(where=town + spot, n=n), story.text.format(where=town + spot, n=n), spot
