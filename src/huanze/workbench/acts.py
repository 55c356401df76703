"""The acts of the chain in Chinese, for the auditor's page. The chain itself keeps only the code."""

from __future__ import annotations

from collections.abc import Mapping

from huanze.rules.lifecycle import TABLE

ACTS: Mapping[str, str] = {
    "orgs.found_administrator": "设立首任管理员",
    "orgs.create_account": "新建账号",
    "orgs.change_contact": "修改联系方式",
    "orgs.set_active": "启用或者停用账号",
    "orgs.reset_password": "重置密码",
    "orgs.release_lockout": "解除登录锁定",
    "orgs.set_admin_role": "调整管理员",
    "orgs.assign_post": "任职",
    "orgs.end_holding": "免职",
    "orgs.delegate": "委托代行",
    "orgs.end_delegation": "收回委托",
    "orgs.undo_delegation": "撤销委托",
    "orgs.hand_over": "岗位移交",
    "orgs.receive_hand_over": "岗位接收",
    "orgs.create_region": "新增区域",
    "orgs.create_organisation": "新增单位",
    "orgs.change_organisation": "变更单位",
    "orgs.create_inner_unit": "新增内设机构",
    "orgs.create_post": "新增职务",
    "orgs.set_post_active": "启用或者停用职务",
    "policies.publish_pack": "发布规则版本",
    "policies.adopt_pack": "决定施行规则",
    "policies.load_calendar_year": "导入节假日安排",
    "evidence.store": "上传文件",
    "evidence.attach": "提交材料",
    "evidence.withdraw": "撤回材料",
    "obligations.open": "开出应办事项",
    "obligations.place": "应办事项落到单位",
    "obligations.open_one": "产生应办事项",
    "obligations.settle": "应办事项办结",
    "obligations.complete": "应办事项办结",
    "obligations.missed": "应办未办",
    "obligations.end": "应办事项不再适用",
    "problem.register": "登记问题",
    **{f"problem.{row.name}": row.label for row in TABLE},
}

OBJECTS: Mapping[str, str] = {
    "user": "账号",
    "holding": "任职",
    "handover": "岗位交接",
    "region": "区域",
    "organisation": "单位",
    "innerunit": "内设机构",
    "post": "职务",
    "packversion": "规则版本",
    "adoption": "规则施行",
    "calendaryear": "年度安排",
    "occurrence": "应办事项",
    "problem": "问题",
    "file": "文件",
}
