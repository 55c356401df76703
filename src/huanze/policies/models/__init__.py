"""Documents as kept and reviewed, the packs made of them, and the places that run under them."""

from huanze.policies.models.documents import Fact, PolicyDocument, Relation
from huanze.policies.models.drafts import Naming, PackDraft
from huanze.policies.models.packs import Adoption, CalendarYear, PackVersion

__all__ = ["Adoption", "CalendarYear", "Fact", "Naming", "PackDraft", "PackVersion", "PolicyDocument", "Relation"]
