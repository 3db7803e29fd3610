"""How the sign-in library is held: no self-service registration, accounts are given by an administrator."""

from collections.abc import Mapping

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest
from django.urls import reverse

from thucthi.directory.access import may_administer_accounts, may_work
from thucthi.directory.selectors import viewer_of


class ClosedAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Who only administers accounts has no home in the workspace."""
        viewer = viewer_of(request.user)
        if may_administer_accounts(viewer) and not may_work(viewer):
            return reverse("directory:accounts")
        return str(super().get_login_redirect_url(request))


class ClosedSocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """An identity provider proves who someone is, by its own name for the person alone (`sub`).

    It never makes an account and never joins one by e-mail address: the owner joins it, signed in.
    """

    def is_open_for_signup(self, request: HttpRequest, sociallogin: object) -> bool:
        return False


def username_tried(request: HttpRequest, credentials: Mapping[str, str] | None) -> str | None:
    """Whose sign-in failed, for the lock-out: the library's form calls the field `login`, and heeds no case."""
    given = (credentials or {}).get("username") or request.POST.get("login")
    return given.lower() if given else None
