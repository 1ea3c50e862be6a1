"""Addresses are judged as resolved, whatever they are spelled like."""

import socket

import pytest

from services.notify.addresses import denied

NEVER = [
    ("unspecified", "0.0.0.0"),
    ("this network", "0.1.2.3"),
    ("carrier-grade, a cloud's metadata", "100.100.100.200"),
    ("link-local, most clouds' metadata", "169.254.169.254"),
    ("a cloud's wire server", "168.63.129.16"),
    ("protocol assignments", "192.0.0.192"),
    ("documentation", "203.0.113.7"),
    ("benchmarking", "198.19.255.255"),
    ("6to4 relay", "192.88.99.1"),
    ("multicast", "224.0.0.251"),
    ("reserved", "250.1.1.1"),
    ("broadcast", "255.255.255.255"),
    ("unspecified v6", "::"),
    ("link-local v6", "fe80::1"),
    ("link-local v6 with a scope", "fe80::1%eth0"),
    ("site-local v6", "fec0::1"),
    ("multicast v6", "ff02::1"),
    ("documentation v6", "2001:db8::1"),
    ("new documentation v6", "3fff::1"),
    ("Teredo", "2001:0:7f00:1::1"),
    ("never handed out", "4000::1"),
    ("segment routing", "5f00::1"),
    ("discard", "100::1"),
    ("local NAT64", "64:ff9b:1::1"),
    ("a cloud's metadata v6", "fd00:ec2::254"),
    ("link-local in v6", "::ffff:169.254.169.254"),
    ("link-local in NAT64", "64:ff9b::a9fe:a9fe"),
    ("link-local in 6to4", "2002:a9fe:a9fe::1"),
    ("no address", "localhost"),
    ("nothing", ""),
    ("a number", "2130706433"),
    ("octal", "0177.0.0.1"),
    ("with a port", "8.8.8.8:80"),
]
PRIVATE = [
    ("loopback", "127.0.0.1"),
    ("loopback, elsewhere", "127.8.8.8"),
    ("ten", "10.255.255.255"),
    ("a hundred and seventy-two", "172.31.0.1"),
    ("a hundred and ninety-two", "192.168.1.1"),
    ("loopback v6", "::1"),
    ("unique local", "fd12:3456::1"),
    ("mapped", "::ffff:127.0.0.1"),
    ("mapped, in hexadecimal", "::ffff:7f00:1"),
    ("compatible", "::7f00:1"),
    ("6to4", "2002:0a00:0001::1"),
    ("NAT64", "64:ff9b::192.168.0.1"),
]
PUBLIC = [
    "8.8.8.8",
    "172.32.0.1",
    "100.128.0.1",
    "2606:4700::1111",
    "64:ff9b::8.8.8.8",
    "::ffff:8.8.8.8",
    "2002:808:808::1",
]


@pytest.mark.parametrize(("_", "address"), NEVER, ids=[name for name, _ in NEVER])
def test_never(_: str, address: str) -> None:
    assert (denied(address), denied(address, allow_private=True)) == (True, True)


@pytest.mark.parametrize(("_", "address"), PRIVATE, ids=[name for name, _ in PRIVATE])
def test_private_only_where_allowed(_: str, address: str) -> None:
    assert (denied(address), denied(address, allow_private=True)) == (True, False)


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address: str) -> None:
    assert not denied(address)


@pytest.mark.parametrize("spelling", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0x7f.1", "localhost", "::1"])
def test_what_a_resolver_makes_of_odd_spellings_is_denied(spelling: str) -> None:
    found = {str(place[0]) for *_, place in socket.getaddrinfo(spelling, 80, type=socket.SOCK_STREAM)}

    assert found
    assert all(denied(address) for address in found)
