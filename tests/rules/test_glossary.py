"""The glossary names every state, hat, stage, step and kind of organisation, with the term the screens show."""

import re
from pathlib import Path

from huanze.duties.models import CheckedItem, ListVersion
from huanze.duties.models.lists import Relation
from huanze.orgs.models import Organisation
from huanze.policies.models import Fact, PolicyDocument
from huanze.problems.models import DutyBasis, LadderStep
from huanze.rules.lifecycle import HAT_LABELS, STATE_LABELS, Stage

TEXT = Path(__file__).resolve().parents[2].joinpath("docs/glossary.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| (.+?) \| `(\w+)`", TEXT, re.M))


def test_every_state_and_hat_is_in_the_glossary_under_the_term_on_screen():
    for labels in (STATE_LABELS, HAT_LABELS):
        for identifier, term in labels.items():
            assert f"| {term} | `{identifier.value}` |" in TEXT


def test_every_stage_step_and_kind_is_in_the_glossary():
    for stage in Stage:
        assert f"`{stage.value}`" in TEXT
    for value, label in [*LadderStep.Step.choices, *Organisation.Kind.choices]:
        assert f"| {label} | `{value}` |" in TEXT


def test_the_words_of_documents_and_duties_are_in_the_glossary_under_the_term_on_screen():
    shown = [
        *Fact.Decision.choices, *PolicyDocument.Status.choices, *ListVersion.State.choices, *Relation.choices,
        *CheckedItem.Verdict.choices, *DutyBasis.Why.choices,
    ]  # fmt: skip
    missing = [(value, label) for value, label in shown if f"| {label} | `{value}` |" not in TEXT]
    assert missing == []
