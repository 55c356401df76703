"""Materials: handing one in, and taking back what was handed in by mistake (XQ-16)."""

from __future__ import annotations

from huanze.evidence import services as evidence
from huanze.evidence.models import File
from huanze.problems.services.materials import own_materials
from huanze.problems.services.step import Step, effect
from huanze.rules.verdicts import Refusal


@effect("attach")
def attach(step: Step) -> Refusal | None:
    """The uploader's own file only: a number typed by hand must not open another's file."""
    given = step.inputs
    file = File.objects.filter(pk=given.file, uploaded_by=step.user).first()
    if file is None:
        return Refusal("inputs", "文件：没有找到刚上传的文件，请重新上传", fields={"file": "请重新上传"})
    kept = evidence.attach(
        file=file, object_type="problem", object_id=str(step.problem.pk), role=given.role, point=given.point, note=given.note, acting_user=step.user
    )
    if isinstance(kept, Refusal):
        return kept
    step.said["name"] = file.name
    return None


@effect("withdraw_material")
def withdraw_material(step: Step) -> Refusal | None:
    """What is taken back no longer counts for acceptance; its row, its bytes and the reason stay on record."""
    own = {e.pk: e for e in own_materials(step.problem, user=step.user, organisations=step.worn.organisations)}
    found = own.get(step.inputs.material)
    if found is None:
        why = "只能撤回本人或本单位人员在本问题中上传的材料，其他材料请由上传单位撤回"
        return Refusal("inputs", f"材料：{why}", step.row.clause, {"material": why})
    hat = str(step.post) if step.post else step.hat.value
    taken = evidence.withdraw(evidence=found, reason=step.inputs.reason, acting_user=step.user, hat=hat)
    if isinstance(taken, Refusal):
        return taken
    step.said["name"] = found.file.name
    return None
