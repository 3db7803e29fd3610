from django.apps import AppConfig


class PublicationConfig(AppConfig):
    name = "thucthi.publication"
    default_auto_field = "django.db.models.BigAutoField"
