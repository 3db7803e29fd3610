from django.apps import AppConfig


class PublicSiteConfig(AppConfig):
    name = "thucthi.public_site"
    default_auto_field = "django.db.models.BigAutoField"
