from django.apps import AppConfig


class RecruitmentConfig(AppConfig):
    name = "toli.recruitment"
