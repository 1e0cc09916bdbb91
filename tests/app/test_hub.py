"""What the app takes from JupyterHub, without one."""

import pytest

from convviz.app.hub import Activity, placed_by_hub
from convviz.app.settings import Access

TOLD = {
    "JUPYTERHUB_SERVICE_URL": "http://0.0.0.0:8888/user/ada%40b/",
    "JUPYTERHUB_SERVICE_PREFIX": "/user/ada%40b/",
    "JUPYTERHUB_USER": "ada@b",
}


def test_a_hub_says_where_and_keeps_what_else_was_said():
    port, access = placed_by_hub(Access(visitors=7, hosts=("a.example",)), TOLD)
    assert port == 8888
    assert access == Access(
        visitors=7, hosts=("a.example",), prefix="/user/ada%40b/", address="0.0.0.0", members=True, spares=1
    )


def test_a_service_is_for_many_and_its_public_address_is_a_name_of_it():
    told = {**TOLD, "JUPYTERHUB_SERVICE_URL": "http://:9/", "JUPYTERHUB_PUBLIC_URL": "https://hub.example/lessons/"}
    del told["JUPYTERHUB_USER"]
    port, access = placed_by_hub(Access(), told)
    assert (port, access.address, access.hosts, access.spares) == (9, "", ("hub.example",), None)


@pytest.mark.parametrize(
    ("variables", "words"),
    [({}, "for what JupyterHub starts"), ({**TOLD, "JUPYTERHUB_SSL_CERTFILE": "a.pem"}, "internal_ssl")],
)
def test_what_cannot_be_is_said(variables, words):
    with pytest.raises(ValueError, match=words):
        placed_by_hub(Access(), variables)


def test_a_hub_that_does_not_ask_is_told_nothing():
    assert Activity.from_variables(TOLD) is None
