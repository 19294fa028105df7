"""Where callers come from, and one way to write networks."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.core.addresses import block_of, is_within, network
from app.settings import ServerSettings, WebhookSettings


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("192.0.2.7/32", "192.0.2.7"),
        ("192.0.2.0/24", "192.0.2.0/24"),
        ("192.0.2.0/255.255.255.0", "192.0.2.0/24"),
        ("2001:DB8:0:0::7", "2001:db8::7"),
        ("2001:db8::/32", "2001:db8::/32"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.0/120", "192.0.2.0/24"),
        ("0.0.0.0/0", "0.0.0.0/0"),
    ],
)
def test_a_network_is_written_in_one_way(text, written):
    assert network(text) == written
    assert network(written) == written


@pytest.mark.parametrize(
    "text", ["", "localhost", "192.0.2", "192.0.2.7/24", "192.0.2.0/33", "2001:db8::7/64", "fe80::1%eth0", "1.2.3.4 "]
)
def test_what_is_no_network_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        network(text)


@given(st.ip_addresses())
def test_an_address_is_within_itself_alone_and_within_everything(address):
    text = str(address)
    assert is_within(text, [network(text)])
    assert is_within(text, ["0.0.0.0/0", "::/0"])
    assert not is_within(text, [])


@pytest.mark.parametrize(
    ("address", "is_inside"),
    [
        ("192.0.2.255", True),
        ("192.0.3.0", False),
        ("::ffff:192.0.2.1", True),
        ("2001:db8::1", True),
        ("2001:db9::1", False),
        ("testclient", False),
        ("", False),
        (None, False),
    ],
)
def test_who_is_inside(address, is_inside):
    assert is_within(address, ["192.0.2.0/24", "2001:db8::/32"]) is is_inside


@pytest.mark.parametrize(
    ("group", "name"), [(ServerSettings, "trusted_proxies"), (WebhookSettings, "allowed_networks")]
)
def test_networks_in_settings_are_written_in_that_way_too(group, name):
    given = ["10.0.0.0/8", "192.0.2.7/32", "::ffff:192.0.2.0/120", "2001:DB8::/32"]
    written = ("10.0.0.0/8", "192.0.2.7", "192.0.2.0/24", "2001:db8::/32")
    assert getattr(group(**{name: given}), name) == written
    for other in ("10.0.0.1/8", "anything", "*", "", "fe80::1%eth0"):
        with pytest.raises(ValueError, match="an address, or a network such as"):
            group(**{name: [other]})


@pytest.mark.parametrize(
    ("address", "block"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("testclient", "testclient"),
        ("", ""),
        (None, ""),
    ],
)
def test_callers_are_counted_by_what_one_host_has(address, block):
    assert block_of(address) == block


@given(st.ip_addresses(v=6), st.integers(0, 2**64 - 1))
def test_all_addresses_of_a_64_are_one_block(address, host):
    other = type(address)(int(address) >> 64 << 64 | host)
    assume(address.ipv4_mapped is None and other.ipv4_mapped is None)
    assert block_of(str(address)) == block_of(str(other))
    assert is_within(str(other), [block_of(str(address))])
