from django.apps import AppConfig


class DemonstrationConfig(AppConfig):
    name = "thucthi.demonstration"
    default_auto_field = "django.db.models.BigAutoField"
