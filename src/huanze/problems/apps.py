from django.apps import AppConfig


class ProblemsConfig(AppConfig):
    name = "huanze.problems"
    verbose_name = "问题整改"
