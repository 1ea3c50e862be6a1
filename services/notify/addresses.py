"""Which resolved addresses a webhook may be sent to. Addresses are judged, never names: names can say anything."""

import ipaddress

DENIED = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
        "::/128", "::1/128", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16",
        "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    )
)  # fmt: skip
EMBEDDING = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("::/96"))


def denied(address: str) -> bool:
    """Whether an address is one of ours, of a private net, of a machine's own, or none at all.

    An IPv4 address embedded in an IPv6 one (mapped, compatible, 6to4, NAT64) is judged as itself.

    >>> [denied(a) for a in ("127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "fe80::1%eth0", "8.8.8.8", "x")]
    [True, True, True, True, False, True]
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return True
    if any(ip in network for network in DENIED if network.version == ip.version):
        return True
    inner = _embedded(ip)
    return inner is not None and denied(str(inner))


def _embedded(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if isinstance(ip, ipaddress.IPv4Address):
        return None
    if ip.ipv4_mapped or ip.sixtofour:
        return ip.ipv4_mapped or ip.sixtofour
    if any(ip in network for network in EMBEDDING):
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return None
