from django.apps import AppConfig


class ObligationsConfig(AppConfig):
    name = "huanze.obligations"
    verbose_name = "应办事项"
