"""Who visitors are: nobody in particular."""

from typing import Any

from jupyter_server.auth.identity import PasswordIdentityProvider


class Visitors(PasswordIdentityProvider):
    """Jupyter's identities, without a cookie for those who have not logged in: the lessons need none."""

    def set_login_cookie(self, handler: Any, user: Any) -> None:
        """Remember who has logged in."""
        if self.auth_enabled:
            super().set_login_cookie(handler, user)
