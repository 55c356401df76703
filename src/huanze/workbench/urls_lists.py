"""Addresses of duty lists, their versions, the map."""

from django.urls import path

from huanze.workbench.views import lists, lists_chain, lists_draft, lists_map

urlpatterns = [
    path("", lists.item_lists, name="item_lists"),
    path("open-errors/", lists.item_errors, name="item_errors"),
    path("map/", lists_map.duty_map, name="duty_map"),
    path("<int:pk>/", lists.item_list, name="item_list"),
    path("<int:pk>/start/", lists_draft.list_start, name="list_start"),
    path("versions/<int:pk>/", lists.list_version, name="list_version"),
    path("versions/<int:pk>/compare/", lists.list_compare, name="list_compare"),
    path("versions/<int:pk>/draft/", lists_draft.list_draft, name="list_draft"),
    path("versions/<int:pk>/items/new/", lists_draft.list_item_new, name="list_item_new"),
    path("versions/<int:pk>/withdraw/", lists_draft.list_withdraw, name="list_withdraw"),
    path("versions/<int:pk>/sign/", lists_chain.list_sign, name="list_sign"),
    path("versions/<int:pk>/publish/", lists_chain.list_publish, name="list_publish"),
    path("versions/<int:pk>/page/", lists_chain.list_page, name="list_page"),
    path("items/<int:pk>/", lists_draft.list_item, name="list_item"),
    path("items/<int:pk>/remove/", lists_draft.list_item_remove, name="list_item_remove"),
    path("items/<int:pk>/move/", lists_draft.list_item_move, name="list_item_move"),
    path("items/<int:pk>/assign/", lists_chain.item_assign, name="item_assign"),
]
