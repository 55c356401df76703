"""Addresses of documents kept and reviewed."""

from django.urls import path

from huanze.workbench.views import documents, documents_acts

urlpatterns = [
    path("", documents.documents, name="documents"),
    path("new/", documents.document_new, name="document_new"),
    path("<int:pk>/", documents.document, name="document"),
    path("<int:pk>/original/", documents.document_original, name="document_original"),
    path("<int:pk>/differences/", documents.document_differences, name="document_differences"),
    path("<int:pk>/head/", documents_acts.document_head, name="document_head"),
    path("<int:pk>/add/", documents_acts.document_fact_add, name="document_fact_add"),
    path("<int:pk>/accept-sure/", documents_acts.document_accept_sure, name="document_accept_sure"),
    path("<int:pk>/finish/", documents_acts.document_finish, name="document_finish"),
    path("<int:pk>/reopen/", documents_acts.document_reopen, name="document_reopen"),
    path("<int:pk>/status/", documents_acts.document_status, name="document_status"),
    path("<int:pk>/relation/", documents_acts.document_relation, name="document_relation"),
    path("relations/<int:pk>/remove/", documents_acts.document_unrelate, name="document_unrelate"),
    path("facts/<int:pk>/", documents_acts.document_fact, name="document_fact"),
    path("facts/<int:pk>/correct/", documents_acts.document_fact_form, {"act": "correct"}, name="document_fact_form"),
    path("facts/<int:pk>/drop/", documents_acts.document_fact_form, {"act": "drop"}, name="document_fact_drop"),
]
