from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    name = "huanze.policies"
    verbose_name = "制度"
