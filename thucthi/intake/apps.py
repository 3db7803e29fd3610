from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "thucthi.intake"
    verbose_name = "Intake"
