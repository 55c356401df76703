from django.apps import AppConfig


class OrgsConfig(AppConfig):
    name = "huanze.orgs"
    verbose_name = "组织机构"
