"""Addresses of a person's own matters, at the top of the site."""

from django.urls import path

from huanze.workbench.views import adoption, personal

urlpatterns = [
    path("notices/", personal.notices, name="notices"),
    path("notices/read/", personal.notices_read, name="notices_read"),
    path("notices/<int:pk>/open/", personal.notice_open, name="notice_open"),
    path("account/posts/", personal.posts, name="my_posts"),
    path("account/posts/delegate/", personal.delegate, name="delegate"),
    path("account/posts/delegations/<int:pk>/end/", personal.delegation_end, name="delegation_end"),
    path("account/posts/hand-over/", personal.hand_over, name="hand_over"),
    path("account/posts/hand-over/<int:pk>/", personal.hand_over_list, name="hand_over_list"),
    path("account/posts/hand-over/<int:pk>/receive/", personal.hand_over_receive, name="hand_over_receive"),
    path("rules/", adoption.rules, name="rules"),
    path("rules/<int:pk>/adopt/", adoption.adopt, name="adopt"),
]
