from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    name = "huanze.workbench"
