from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "huanze.notices"
    verbose_name = "提醒"
