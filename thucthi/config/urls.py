"""Every address of the application. Officials work below lam-viec/; the public reads frozen files everywhere else."""

from django.urls import include, path

urlpatterns = [
    path("", include("thucthi.config.operation.urls")),
    path("tai-khoan/", include("allauth.urls")),
    path("lam-viec/", include("thucthi.directory.urls")),
    path("lam-viec/", include("thucthi.documents.urls")),
    path("lam-viec/", include("thucthi.programmes.urls")),
    path("lam-viec/", include("thucthi.indicators.urls")),
    path("lam-viec/", include("thucthi.reporting.urls")),
    path("lam-viec/", include("thucthi.intake.urls")),
    path("lam-viec/", include("thucthi.obstacles.urls")),
    path("lam-viec/", include("thucthi.monitoring.urls")),
    path("lam-viec/", include("thucthi.publication.urls")),
    path("lam-viec/nhan-tin/", include("thucthi.publication.webhooks.urls")),
    path("lam-viec/", include("thucthi.workspace.urls")),
    path("api/v1/", include("thucthi.indicators.urls.machines")),
    path("api/v1/org/", include("thucthi.workspace.api.urls")),
    path("api/v1/", include("thucthi.public_site.api.urls")),
    path("", include("thucthi.public_site.urls")),
]
handler403 = "thucthi.config.errors.forbidden"
handler404 = "thucthi.config.errors.not_found"
handler500 = "thucthi.config.errors.broken"
