"""Rule packs: what an official document orders, as data that is checked before it is used.

``schema`` says what a pack may hold, ``reading`` turns a folder into one, ``overlay`` lays a place's
pack over its parent's, ``loader`` finds the shipped ones, ``checking`` proves one fit, ``cases`` runs
its sentences.
"""
