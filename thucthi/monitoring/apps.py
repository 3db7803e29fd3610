from django.apps import AppConfig
from django.utils.translation import gettext

from thucthi.monitoring.states import translate_with


class MonitoringConfig(AppConfig):
    name = "thucthi.monitoring"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        translate_with(gettext)
