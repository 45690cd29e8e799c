from django.apps import AppConfig


class WarroomConfig(AppConfig):
    name = "toli.warroom"
    label = "warroom"
