from django.apps import AppConfig


class ElectionsConfig(AppConfig):
    name = "toli.elections"
