"""Who leads where nobody does: which rules say how it is decided here, whose turn it is, and who may see it (A3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from huanze.base import clock
from huanze.duties.models import DecisionSignature, Determination, View
from huanze.orgs.models import Organisation, Post, Region, User
from huanze.orgs.selectors import ancestry, holds, office_of, posts_of, scope_of_posts
from huanze.policies import selectors as policies
from huanze.policies.models import Adoption
from huanze.policies.selectors.naming import who
from huanze.rules.deadlines import Term, due
from huanze.rules.names import parts
from huanze.rules.packs.parts import Setting
from huanze.rules.packs.schema import ApprovalStep, Pack

State = Determination.State
PROVINCE_CHAIN, CITY_CHAIN = "lead_decision", "city_lead_decision"
HANDLES = ("coordinate", "study", "opinion")
"""Steps whose body does the work on a matter before it is decided."""
DECIDE, PUBLISH = "decide", "publish"
HANDLERS = (Organisation.Kind.COMMISSION_OFFICE, Organisation.Kind.DEPARTMENT)
THE_LEAD = "牵头部门"
"""Words by which a chain means whoever was decided on."""
VIEW_CLOCK, VIEW_SETTING, VIEW_DAYS = "lead_view", "lead_view_days", 5
"""Where a pack or a place sets how long a unit has for its view; else so many working days, shown as a local default."""


@dataclass(frozen=True, slots=True)
class Body:
    """One deciding body: the document's words, and who that is here."""

    name: str
    organisations: tuple[Organisation, ...]


@dataclass(frozen=True, slots=True)
class Procedure:
    """How a lead is determined in a place under the chain a matter is pinned to. ``clauses`` by step."""

    handler: Organisation | None
    deciders: tuple[Body, ...]
    publisher: tuple[Organisation, ...]
    publishes: bool
    by_the_lead: bool
    clauses: Mapping[str, str]
    steps: tuple[ApprovalStep, ...]

    @property
    def clause(self) -> str:
        return next(iter(self.clauses.values()), "")

    @property
    def missing(self) -> tuple[str, ...]:
        """Words of deciding bodies to which nobody in the place answers."""
        return tuple(body.name for body in self.deciders if not body.organisations)

    def clause_of(self, *steps: str) -> str:
        return next((self.clauses[s] for s in steps if s in self.clauses), self.clause)


def ruling(region: Region) -> tuple[Adoption, str] | None:
    """The adoption whose pack says how a lead is determined in a region, and its chain: its own, or the nearest one above."""
    found = Adoption.objects.filter(region__path__in=ancestry(region), from_day__lte=clock.today())
    seen: set[int] = set()
    for adoption in found.select_related("pack", "region").defer("pack__content").order_by("-region__depth", "-from_day"):
        if adoption.region_id in seen:
            continue
        seen.add(adoption.region_id)
        chains = policies.pack(adoption.pack).approval_chains
        if region.level != Region.Level.PROVINCE and CITY_CHAIN in chains:
            return adoption, CITY_CHAIN
        if PROVINCE_CHAIN in chains:
            return adoption, PROVINCE_CHAIN
    return None


def procedure(region: Region, adoption: Adoption, chain: str) -> Procedure:
    """The chain with its words answered in the place. The commission's office does the work unless a department is named."""
    pack = policies.pack(adoption.pack)
    steps = pack.approval_chains.get(chain, ())
    words = {step.step: _words(step, adoption) for step in steps}
    names = {name for text in words.values() for name in parts(text)}
    answers = who(region, sorted(names))

    def meant(step: str) -> list[Organisation]:
        return [unit for name in parts(words.get(step, "")) for unit in answers[name]]

    # Below the place that adopted them, the words for who does the work mean that place's own office.
    named = [unit for step in HANDLES for unit in meant(step) if unit.kind in HANDLERS] if adoption.region_id == region.pk else []
    by_the_lead = THE_LEAD in words.get(PUBLISH, "")
    return Procedure(
        handler=named[0] if named else office_of(region),
        deciders=tuple(Body(name, tuple(answers[name])) for name in parts(words.get(DECIDE, ""))),
        publisher=() if by_the_lead else tuple(meant(PUBLISH)),
        publishes=PUBLISH in words, by_the_lead=by_the_lead, clauses={step.step: step.clause for step in steps}, steps=tuple(steps),
    )  # fmt: skip


def procedure_of(determination: Determination) -> Procedure:
    return procedure(determination.region, determination.adoption, determination.chain)


def _words(step: ApprovalStep, adoption: Adoption) -> str:
    return str(policies.effective_settings(adoption)[step.by.setting]) if isinstance(step.by, Setting) else step.by


# ---- times


@dataclass(frozen=True, slots=True)
class ViewTerm:
    """How long a unit has for its view. ``local``: neither the pack nor the place says, so it is our default."""

    due: date
    clause: str
    local: bool


def view_term(adoption: Adoption, start: date) -> ViewTerm:
    pack, chosen = policies.pack(adoption.pack), policies.effective_settings(adoption)
    term, local = _view_clock(pack, chosen)
    return ViewTerm(due(term, start, policies.calendar()).on, term.clause, local)


def _view_clock(pack: Pack, chosen: Mapping[str, object]) -> tuple[Term, bool]:
    if clock_ := pack.clocks.get(VIEW_CLOCK):
        return clock_.term(chosen), False
    days = chosen.get(VIEW_SETTING)
    if isinstance(days, int):
        return Term(days, "workday", after="view_asked", clause="", left_open=True), False
    return Term(VIEW_DAYS, "workday", after="view_asked", clause=""), True


# ---- where one stands


@dataclass(frozen=True, slots=True)
class Standing:
    """A determination as it stands today: views, who still owes one, signatures of this round, whose turn it is."""

    views: tuple[View, ...]
    signatures: tuple[DecisionSignature, ...]
    round: int
    procedure: Procedure

    @property
    def waiting(self) -> tuple[View, ...]:
        """Views not given whose day has not passed; until then no opinion is formed."""
        today = clock.today()
        return tuple(v for v in self.views if v.given_on is None and v.due >= today)

    @property
    def dissents(self) -> tuple[View, ...]:
        return tuple(v for v in self.views if v.dissents)

    @property
    def unsigned(self) -> tuple[Body, ...]:
        passed = {s.by for s in self.signatures if s.round == self.round and s.result == DecisionSignature.Result.PASSED}
        return tuple(body for body in self.procedure.deciders if body.name not in passed)


def standing(determination: Determination) -> Standing:
    """Four queries besides those that answer the chain's words."""
    views = list(determination.views.select_related("organisation", "proposes", "given_by").order_by("due", "pk"))
    for view in views:
        view.determination = determination
    signatures = tuple(determination.signatures.select_related("organisation", "signed_by"))
    rounds = 1 + sum(s.result == DecisionSignature.Result.RETURNED for s in signatures)
    return Standing(tuple(views), signatures, rounds, procedure_of(determination))


def publishers(determination: Determination, known: Procedure) -> tuple[Organisation, ...]:
    """Who is to publish the decision: the lead itself, whom the chain names, or whoever did the work."""
    if known.by_the_lead and determination.lead:
        return (determination.lead,)
    return known.publisher or ((known.handler,) if known.handler else ())


def may(determination: Determination, user: User, now: Standing) -> frozenset[str]:
    """The steps this person may take now, by name."""
    known, state = now.procedure, determination.state
    handles = known.handler is not None and _belongs(user, [known.handler])
    acts: set[str] = set()
    if handles and state in (State.RAISED, State.CONSULTING):
        acts |= {"consult", "close"}
    if handles and state == State.CONSULTING and now.views and not now.waiting:
        acts.add("opinion")
    if state == State.CONSULTING and _belongs(user, [v.organisation for v in now.views if v.given_on is None]):
        acts.add("view")
    if state == State.OPINION and heads_of(user, [o for body in now.unsigned for o in body.organisations]):
        acts |= {"decide", "send_back"}
    if state == State.DECIDED and known.publishes and _belongs(user, publishers(determination, known)):
        acts.add("publish")
    return frozenset(acts)


def _belongs(user: User, organisations: Iterable[Organisation]) -> bool:
    return holds(user, organisations=[o.pk for o in organisations], ranks=list(Post.Rank)) is not None


def heads_of(user: User, organisations: Iterable[Organisation]) -> bool:
    return holds(user, organisations=[o.pk for o in organisations], ranks=[Post.Rank.HEAD]) is not None


# ---- sight


def visible(user: User) -> QuerySet[Determination]:
    """What a person sees: matters of places he answers for or whose procedure his unit has a part in, matters his unit
    raised, is asked about or leads; and every decision of the places above his unit, for it binds him too.
    """
    posts = [h.post for h in posts_of(user)]
    own = {post.organisation_id for post in posts}
    seen = Q(raised_for__in=own) | Q(lead__in=own, state__in=(State.DECIDED, State.PUBLISHED)) | Q(views__organisation__in=own)
    for lo, hi in scope_of_posts(posts).region_ranges:
        seen |= Q(region__path__gte=lo, region__path__lt=hi)
    above = {path for post in posts for path in ancestry(post.organisation.region)}
    seen |= Q(region__path__in=above, state__in=(State.DECIDED, State.PUBLISHED))
    parts_in = [region for region in {p.organisation.region for p in posts} if own & _bodies(region)]
    seen |= Q(region__in=parts_in)
    # A join over the views repeats a row; the ids of the condition do not.
    found = Determination.objects.filter(pk__in=Determination.objects.filter(seen).values("pk")) if own else Determination.objects.none()
    return found.select_related("region", "raised_for", "lead", "proposed_lead", "adoption__pack", "adoption__region").defer("adoption__pack__content")


def _bodies(region: Region) -> set[int]:
    """The units with a part in the procedure of a place."""
    found = ruling(region)
    if found is None:
        return set()
    known = procedure(region, *found)
    return {o.pk for body in known.deciders for o in body.organisations} | ({known.handler.pk} if known.handler else set())


def decided(region: Region) -> QuerySet[Determination]:
    """What was decided for a place or above it, newest first."""
    rows = Determination.objects.filter(region__path__in=ancestry(region), state__in=(State.DECIDED, State.PUBLISHED))
    return rows.select_related("lead").prefetch_related(Prefetch("co_units", Organisation.objects.order_by("pk"))).order_by("-decided_on", "-pk")


def place_of(organisation: Organisation) -> Region:
    """The place for which a unit's matters are determined: the one its office answers for."""
    office = office_of(organisation.region)
    return office.region if office else organisation.region
