"""The language of the pages, kept in a cookie of this browser."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from thucthi.kernel.gate import SIGNED_IN, door

ONE_YEAR = 365 * 24 * 3600


@require_POST
@door(SIGNED_IN)
def set_language(request: HttpRequest) -> HttpResponse:
    """Back to the page one came from; an unknown language changes nothing, a foreign address is not followed."""
    asked, following = request.POST.get("language", ""), request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(following, {request.get_host()}, require_https=request.is_secure()):
        following = reverse(settings.LOGIN_REDIRECT_URL)
    answer = redirect(following)
    if asked in dict(settings.LANGUAGES):
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            asked,
            max_age=ONE_YEAR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return answer
