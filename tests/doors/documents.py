"""The addresses of documents kept and reviewed: seen in the place and below, worked on by the unit that keeps it and the office."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cast import Cast
from doors import BUSINESS, OFFICE, Door, business, of, same
from policies.papers import kept

OTHER = {"other_clerk"}
SEE = of(BUSINESS - OTHER)
LOOKERS = BUSINESS - OTHER - OFFICE
LOOK_ONLY = same(LOOKERS, 403)

DOORS: Mapping[str, Door] = {
    "documents": business(),
    "document_new": business(),
    "document": business(200, "paper", may=SEE),
    "document_original": business(200, "paper", may=SEE),
    "document_differences": business(200, "paper", may=SEE),
    "document_head": business(422, "paper", post=True, may=SEE, other=same(LOOKERS, 302)),
    "document_fact_add": business(200, "paper", may=SEE, other=LOOK_ONLY),
    "document_accept_sure": business(302, "paper", post=True, may=SEE),
    "document_finish": business(302, "paper", post=True, may=SEE),
    "document_reopen": business(200, "paper", may=SEE, other=LOOK_ONLY),
    "document_status": business(200, "paper", may=SEE, other=LOOK_ONLY),
    "document_relation": business(200, "paper", may=SEE, other=LOOK_ONLY),
    "document_unrelate": business(302, "paper_relation", post=True, may=SEE),
    "document_fact": business(302, "paper_fact", may=SEE),
    "document_fact_form": business(200, "paper_fact", may=SEE, other=LOOK_ONLY),
    "document_fact_drop": business(200, "paper_fact", may=SEE, other=LOOK_ONLY),
}


def made(cast: Cast) -> dict[str, Any]:
    paper = kept(cast)
    return {"paper": paper, "paper_relation": paper.relations.get(), "paper_fact": paper.facts.filter(kind="deduction").first()}
