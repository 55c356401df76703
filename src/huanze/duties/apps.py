from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "huanze.duties"
    verbose_name = "职责清单"
