"""An address is believed as far as named proxies vouch for it."""

import ipaddress

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from portal.headers import client_address

PROXIES = (ipaddress.ip_network("127.0.0.1/32"), ipaddress.ip_network("10.0.0.0/8"))


@pytest.mark.parametrize(
    ("asks", "forwarded", "address"),
    [
        pytest.param("203.0.113.9", "198.51.100.7", "203.0.113.9", id="who is no proxy is not believed"),
        pytest.param("127.0.0.1", "198.51.100.7", "198.51.100.7", id="a named proxy is"),
        pytest.param("127.0.0.1", "1.2.3.4, 198.51.100.7", "198.51.100.7", id="what the client wrote itself is not"),
        pytest.param("127.0.0.1", "198.51.100.7, 10.1.1.1", "198.51.100.7", id="a chain of named proxies is"),
        pytest.param("127.0.0.1", "", "127.0.0.1", id="without a header it is who asks"),
        pytest.param("", "198.51.100.7", "", id="who has no address has none"),
    ],
)
def test_the_address_that_asks(asks: str, forwarded: str, address: str) -> None:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    environ = EnvironBuilder(headers=headers, environ_base={"REMOTE_ADDR": asks}).get_environ()
    assert client_address(Request(environ), PROXIES) == address
