"""Which resolved addresses a webhook may be sent to. Addresses are judged, never names: names can say anything."""

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Networks = tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]


def _networks(*texts: str) -> Networks:
    return tuple(ipaddress.ip_network(text) for text in texts)


# Of one's own machine or house: for local use, an installation may allow these.
PRIVATE = _networks("10.0.0.0/8", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
# Never, whatever the settings: no host, every host, link-local and carrier-grade nets (where clouds answer questions
# about a machine and its credentials), documentation, benchmarking, relays, multicast, reserved. Source: IANA's
# special-purpose registries; 168.63.129.16 and fd00:ec2::254 are the clouds' own.
NEVER = _networks(
    "0.0.0.0/8", "100.64.0.0/10", "168.63.129.16/32", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24",
    "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24",
    "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    "2001::/23", "2001:db8::/32", "2620:4f:8000::/48", "3fff::/20", "fd00:ec2::/32",
)  # fmt: skip
GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")  # the only IPv6 addresses that are handed out
EMBEDDING = _networks("64:ff9b::/96", "::/96")  # NAT64 and IPv4-compatible: the last 32 bits are an IPv4 address


def denied(address: str, *, allow_private: bool = False) -> bool:
    """Whether an address is one of ours, of a private net, of a machine's own, or none at all.

    An IPv4 address embedded in an IPv6 one (mapped, compatible, 6to4, NAT64) is judged as itself. `allow_private`
    lets loopback and private nets pass, and nothing else.

    >>> [denied(a) for a in ("127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "fe80::1%eth0", "8.8.8.8", "x")]
    [True, True, True, True, False, True]
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return True
    if _within(ip, NEVER):
        return True
    if _within(ip, PRIVATE):
        return not allow_private
    if isinstance(ip, ipaddress.IPv4Address):
        return False
    inner = _embedded(ip)
    return denied(str(inner), allow_private=allow_private) if inner is not None else ip not in GLOBAL_UNICAST


def _within(ip: Address, networks: Networks) -> bool:
    return any(ip in network for network in networks if network.version == ip.version)


def _embedded(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if ip.ipv4_mapped or ip.sixtofour:
        return ip.ipv4_mapped or ip.sixtofour
    return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if _within(ip, EMBEDDING) else None
