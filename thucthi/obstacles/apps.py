from django.apps import AppConfig


class ObstaclesConfig(AppConfig):
    name = "thucthi.obstacles"
    default_auto_field = "django.db.models.BigAutoField"
