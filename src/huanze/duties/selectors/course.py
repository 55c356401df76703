"""Where a version stands in its approval chain: what each step asks of whom here, who has signed, whose turn it is (A2).

The steps are those of the pack the version is pinned to. Drafting and publishing are the department's own; every
other step is signed by each body that its words name. Who that is in the place is asked of ``policies.naming``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from huanze.base import clock
from huanze.duties.models import ChainStep, ListVersion
from huanze.orgs.models import Holding, Organisation, Post, Region, User
from huanze.orgs.selectors import office_of, posts_of
from huanze.policies import selectors as policies
from huanze.policies.models import Adoption
from huanze.policies.selectors.naming import who
from huanze.rules.names import parts
from huanze.rules.packs.parts import Setting
from huanze.rules.packs.schema import ApprovalStep

State = ListVersion.State
DRAFT, FIRST_REVIEW, PUBLISH = "draft", "first_review", "publish"
CHAIN = "item_list"
OWN = "本部门"
LEADERS = (Post.Rank.HEAD, Post.Rank.DEPUTY)
Bodies: TypeAlias = dict[str, tuple[Organisation, ...]]
"""Who each name of a chain's middle steps is in a place."""


@dataclass(frozen=True, slots=True)
class Signer:
    """One body that a step names: the document's words, who that is here, and its signature of this round."""

    name: str
    organisations: tuple[Organisation, ...]
    signed: ChainStep | None

    @property
    def missing(self) -> bool:
        """Nobody in the place answers to these words, so the step cannot be signed."""
        return not self.organisations and self.signed is None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the chain as it stands in the present round. ``ranks``: who of a body may sign it."""

    key: str
    label: str
    clause: str
    by: str
    signers: tuple[Signer, ...]

    @property
    def done(self) -> bool:
        return all(signer.signed for signer in self.signers)

    @property
    def missing(self) -> list[str]:
        return [signer.name for signer in self.signers if signer.missing]

    @property
    def waiting(self) -> list[Signer]:
        return [signer for signer in self.signers if signer.signed is None]

    @property
    def awaits(self) -> str:
        """Whom the step waits for, in the names of the place; the document's words where nobody answers to them."""
        return "、".join("或".join(unit.short_name for unit in signer.organisations) or signer.name for signer in self.waiting)

    @property
    def ranks(self) -> tuple[str, ...]:
        return (Post.Rank.HEAD,) if self.key == DRAFT else LEADERS


@dataclass(frozen=True, slots=True)
class Course:
    """The steps in order, the round, and every signature ever made. ``ruled``: the documents set an approval."""

    version: ListVersion
    steps: tuple[Step, ...]
    signatures: tuple[ChainStep, ...]
    round: int
    ruled: bool

    @property
    def current(self) -> Step | None:
        """The step whose turn it is; None when the version is published or withdrawn."""
        if self.version.state in (State.PUBLISHED, State.WITHDRAWN):
            return None
        return next((step for step in self.steps if not step.done), None)


def course(version: ListVersion) -> Course:
    """The chain of a version (with its ``item_list`` and organisation read)."""
    return courses([version])[version.pk]


def courses(versions: Sequence[ListVersion]) -> dict[int, Course]:
    """The chains of many versions by their ids: their signatures in one query, each place's bodies asked once."""
    signed: dict[int, list[ChainStep]] = {version.pk: [] for version in versions}
    for row in ChainStep.objects.filter(version__in=signed).select_related("signed_by").order_by("pk"):
        signed[row.version_id].append(row)
    bodies: dict[tuple[int, int, str], Bodies] = {}
    return {version.pk: _course(version, tuple(signed[version.pk]), bodies) for version in versions}


def _course(version: ListVersion, signatures: tuple[ChainStep, ...], known: dict[tuple[int, int, str], Bodies]) -> Course:
    adoption, unit = version.adoption, version.item_list.organisation
    rounds = 1 + sum(row.result == ChainStep.Result.RETURNED for row in signatures)
    steps, ruled = _steps(adoption, version.chain)
    place = (unit.region_id, adoption.pk, version.chain)
    if place not in known and version.state not in (State.PUBLISHED, State.WITHDRAWN):
        known[place] = _bodies(unit.region, adoption, steps)
    passed = {(row.step, row.by): row for row in signatures if row.round == rounds and row.result == ChainStep.Result.PASSED}
    made = [_step(step, _words(step, adoption), known.get(place, {}), unit, passed) for step in steps]
    return Course(version, tuple(made), signatures, rounds, ruled)


def hat_for(step: Step, user: User, held: Sequence[Holding] | None = None) -> tuple[Signer, Holding] | None:
    """The body of a step that still has to sign and that this person may sign for, with the post he does it by.

    ``held``: his posts, where many steps are asked about.
    """
    posts = posts_of(user) if held is None else held
    for signer in step.waiting:
        units = {unit.pk for unit in signer.organisations}
        hat = next((h for h in posts if h.post.organisation_id in units and h.post.rank in step.ranks), None)
        if hat is not None:
            return signer, hat
    return None


def signs(user: User, version: ListVersion) -> bool:
    """Whether a person has a post in a body that the version's own chain names, whatever rules came since."""
    own = {h.post.organisation_id for h in posts_of(user)}
    return any(unit.pk in own for step in course(version).steps for signer in step.signers for unit in signer.organisations)


def signing_bodies(region: Region) -> frozenset[int]:
    """The organisations that sign lists of a place under the rules in force there, its departments aside."""
    adoption = policies.pack_for(region, clock.today())
    if adoption is None:
        return frozenset()
    found = _bodies(region, adoption, _steps(adoption, CHAIN)[0])
    return frozenset(unit.pk for units in found.values() for unit in units)


def _steps(adoption: Adoption, chain: str) -> tuple[list[ApprovalStep], bool]:
    """The pack's steps, and whether it has any approval between drafting and publishing by the department."""
    ruled = list(policies.pack(adoption.pack).approval_chains.get(chain, ()))
    between = [step for step in ruled if step.step not in (DRAFT, PUBLISH)]
    first = next((s for s in ruled if s.step == DRAFT), None) or ApprovalStep.model_construct(step=DRAFT, label="编制", by=OWN, clause="")
    last = next((s for s in ruled if s.step == PUBLISH), None) or ApprovalStep.model_construct(step=PUBLISH, label="公开", by=OWN, clause="")
    return [first, *between, last], bool(between)


def _words(step: ApprovalStep, adoption: Adoption) -> str:
    """The document's words for who signs, or what the place decided where the document left it open."""
    return str(policies.effective_settings(adoption)[step.by.setting]) if isinstance(step.by, Setting) else step.by


def _bodies(region: Region, adoption: Adoption, steps: list[ApprovalStep]) -> Bodies:
    """Who each name of the middle steps is here. The first review falls to the commission's office of the place."""
    asked = {(step.step, name) for step in steps if step.step not in (DRAFT, PUBLISH) for name in parts(_words(step, adoption))}
    if not asked:
        return {}
    answers = who(region, sorted({name for _, name in asked}))
    found = {name: tuple(answers[name]) for _, name in asked}
    for step, name in asked:
        if step == FIRST_REVIEW and not found[name] and (office := office_of(region)):
            found[name] = (office,)
    return found


def _step(
    step: ApprovalStep, words: str, bodies: Bodies, unit: Organisation, passed: dict[tuple[str, str], ChainStep]
) -> Step:
    own = step.step in (DRAFT, PUBLISH)
    names = [words] if own else parts(words)
    signers = [Signer(name, (unit,) if own else bodies.get(name, ()), passed.get((step.step, name))) for name in names]
    return Step(step.step, step.label, step.clause, words, tuple(signers))
