"""Addresses of packs made of documents, who is meant, what differs, what adopting would change."""

from django.urls import path

from huanze.workbench.views import drafts, drafts_compare, drafts_naming, what_if

urlpatterns = [
    path("", drafts.drafts, name="drafts"),
    path("new/<int:document>/", drafts.draft_new, name="draft_new"),
    path("drafts/<int:pk>/", drafts.draft, name="draft"),
    path("drafts/<int:pk>/review/", drafts.draft_review, name="draft_review"),
    path("drafts/<int:pk>/changes/", drafts.draft_changes, name="draft_changes"),
    path("names/", drafts_naming.namings, name="namings"),
    path("names/<int:region>/say/", drafts_naming.naming_new, name="naming_new"),
    path("names/<int:pk>/withdraw/", drafts_naming.naming_withdraw, name="naming_withdraw"),
    path("differ/", drafts_compare.packs_differ, name="packs_differ"),
    path("versions/<int:pk>/what-if/", what_if.what_if, name="what_if"),
]
