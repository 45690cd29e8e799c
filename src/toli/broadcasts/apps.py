from django.apps import AppConfig


class BroadcastsConfig(AppConfig):
    name = "toli.broadcasts"
    label = "broadcasts"
