# SPDX-License-Identifier: GPL-2.0-or-later
"""Options with keys, or that name files with keys, for encrypted captures."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Keys:
    """Options for a capture."""

    capture: str
    # A display filter for what only decryption shows.
    proof: str
    # tshark's options.
    tshark: list[str]
    # Options of the same kind with another key, which decrypt nothing.
    wrong: list[str]
    # Those of `dissectctl read`, if it has names of its own for them.
    read: list[str] | None = None

    @property
    def name(self) -> str:
        return " ".join(self.tshark)

    @property
    def read_options(self) -> list[str]:
        return self.tshark if self.read is None else self.read


def _set(*settings: str) -> list[str]:
    return [word for setting in settings for word in ("-o", setting)]


def _row(table: str, *values: str) -> str:
    return f"uat:{table}:" + ",".join(f'"{value}"' for value in values)


# The keys of computed captures; see the scripts in tests/captures.
_PSK = "0123456789abcdef" * 2
_PASSPHRASE = "hidden passphrase"
_SSID = "hidden network"
# That passphrase with that SSID.
_WPA_PSK = "b3e59a48e90e2470028ac44a4ac5ea13e1a6f12aa31b9f41cfd830014c927a93"


def _count(first: int, size: int) -> str:
    """Returns a key whose bytes count up."""
    return bytes(range(first, first + size)).hex()


def _esp(key: str) -> list[str]:
    ends = ("IPv4", "192.0.2.1", "192.0.2.2", "0x1000")
    algorithms = ("AES-CBC [RFC3602]", "HMAC-SHA-1-96 [RFC2404]")
    return _set(
        _row(
            "esp_sa",
            *(*ends, algorithms[0], key),
            *(algorithms[1], "0x" + _count(0, 20)),
        ),
        "esp.enable_encryption_decode:TRUE",
        "esp.enable_authentication_check:TRUE",
    )


def _esp_gcm(key: str) -> list[str]:
    # The key is followed by the salt.
    return _set(
        _row(
            "esp_sa",
            *("IPv4", "*", "*", "*"),
            *("AES-GCM with 16 octet ICV [RFC4106]", f"0x{key}{_count(48, 4)}"),
            *("NULL", ""),
        ),
        "esp.enable_encryption_decode:TRUE",
    )


def _ikev2(first: int) -> list[str]:
    # A table of bytes, whose values aren't quoted.
    keys = (
        _count(first, 16),
        _count(first + 16, 16),
        '"AES-CBC-128 [RFC3602]"',
    )
    checks = (_count(0, 32), _count(32, 32), '"HMAC_SHA2_256_128 [RFC4868]"')
    ends = ("11" * 8, "22" * 8)
    return _set("uat:ikev2_decryption_table:" + ",".join(ends + keys + checks))


def _snmp(*passwords: str) -> list[str]:
    return _set(
        'uat:snmp_users:8000000001020304,"somebody",'
        f'"SHA1","{passwords[0]}","AES","{passwords[1]}"'
    )


def _lorawan(application_key: str) -> list[str]:
    return _set(
        _row(
            "encryption_keys_lorawan",
            # In the order of its bytes in the frame.
            *("34120126", _count(0xE0, 16), application_key),
            "0000000000000001",
        )
    )


def _zigbee(key: str) -> list[str]:
    return _set(_row("zigbee_pc_keys", key, "Normal", "a network"))


def _kerberos(*options: str) -> list[str]:
    return [*options, "-o", "kerberos.decrypt:TRUE"]


_TLS_LOG = ("http1-tls.pcap", "tls && http")
_TLS_RSA = ("tls-rsa.pcap", "tls && http")
_DTLS = ("dtls-rsa.pcap", "dtls && data.data")
_KERBEROS = ("kerberos.pcap", "kerberos.patimestamp || kerberos.authtime")
_WRONG_KEY_LOG = _set("tls.keylog_file:wrong-http1-tls.keys")
_WRONG_RSA = _set(_row("rsa_keys", "other.pem", ""))
_WRONG_KEYTAB = _kerberos("-K", "wrong-kerberos-user.keytab")

CASES = [
    Keys(
        *_TLS_LOG,
        _set("tls.keylog_file:http1-tls.keys"),
        _WRONG_KEY_LOG,
        ["--tls-keylog", "http1-tls.keys"],
    ),
    Keys(*_TLS_LOG, _set("ssl.keylog_file:http1-tls.keys"), _WRONG_KEY_LOG),
    Keys(*_TLS_LOG, _set("tls.keylog_file:folder/a,b;c.keys"), _WRONG_KEY_LOG),
    Keys(*_TLS_RSA, _set(_row("rsa_keys", "tls-rsa.pem", "")), _WRONG_RSA),
    Keys(*_TLS_RSA, _set('uat:rsa_keys: "tls-rsa.pem" , "" '), _WRONG_RSA),
    Keys(
        *_TLS_RSA,
        _set(_row("ssl_keys", "192.0.2.2", "443", "http", "tls-rsa.pem", "")),
        _set(_row("ssl_keys", "192.0.2.2", "443", "http", "other.pem", "")),
    ),
    Keys(
        *_TLS_RSA,
        _set(_row("ssl_keys", "", "443", "http", "folder/tls-rsa.pem", "")),
        _set(_row("ssl_keys", "", "443", "http", "other.pem", "")),
    ),
    Keys(
        *_TLS_RSA,
        _set("tls.keys_list:192.0.2.2,443,http,tls-rsa.pem"),
        _set("tls.keys_list:192.0.2.2,443,http,other.pem"),
    ),
    Keys(
        *_TLS_RSA,
        _set("ssl.keys_list:192.0.2.2,443,http,folder/tls-rsa.pem"),
        _set("ssl.keys_list:192.0.2.2,443,http,other.pem"),
    ),
    Keys(*_DTLS, _set(_row("rsa_keys", "tls-rsa.pem", "")), _WRONG_RSA),
    Keys(
        *_DTLS,
        _set(
            _row(
                "dtlsdecrypttablefile",
                *("192.0.2.2", "4433", "data", "tls-rsa.pem", ""),
            )
        ),
        _set(
            _row(
                "dtlsdecrypttablefile",
                *("192.0.2.2", "4433", "data", "other.pem", ""),
            )
        ),
    ),
    Keys(
        "tls-psk.pcap",
        "tls && http",
        _set(f"tls.psk:{_PSK}"),
        _set(f"tls.psk:{_PSK[::-1]}"),
    ),
    Keys(
        "ssh.pcap",
        "ssh.userauth_password",
        _set("ssh.keylog_file:ssh.keys"),
        _set("ssh.keylog_file:wrong-ssh.keys"),
        ["--ssh-keylog=ssh.keys"],
    ),
    Keys(
        "wireguard.pcap",
        "icmp",
        _set("wg.keylog_file:wireguard.keys"),
        _set("wg.keylog_file:wrong-wireguard.keys"),
        ["--wireguard-keylog", "wireguard.keys"],
    ),
    Keys(
        *_KERBEROS,
        _kerberos("-K", "kerberos.keytab"),
        _WRONG_KEYTAB,
        _kerberos("--keytab", "kerberos.keytab"),
    ),
    Keys(
        *_KERBEROS,
        _kerberos("-K", "kerberos-user.keytab", "-Kkerberos-service.keytab"),
        _WRONG_KEYTAB,
    ),
    Keys(
        *_KERBEROS,
        _kerberos("-K", "missing.keytab", "-K", "kerberos.keytab"),
        _WRONG_KEYTAB,
        _kerberos("-K", "kerberos.keytab"),
    ),
    Keys(
        *_KERBEROS,
        _kerberos("-o", "kerberos.file:kerberos.keytab"),
        _kerberos("-o", "kerberos.file:wrong-kerberos-user.keytab"),
    ),
    Keys(
        "esp.pcap",
        "icmp",
        _esp("0x" + _count(0, 16)),
        _esp("0x" + _count(1, 16)),
    ),
    Keys(
        "esp-gcm.pcap",
        "icmp",
        _esp_gcm(_count(0x20, 16)),
        _esp_gcm(_count(0x21, 16)),
    ),
    Keys(
        "ikev2.pcap",
        "isakmp.id.data.fqdn",
        _ikev2(0),
        _ikev2(1),
    ),
    Keys(
        "wifi.pcap",
        "icmp",
        _set(_row("80211_keys", "wpa-pwd", f"{_PASSPHRASE}:{_SSID}")),
        _set(_row("80211_keys", "wpa-pwd", f"another {_PASSPHRASE}:{_SSID}")),
    ),
    Keys(
        "wifi.pcap",
        "icmp",
        # The name of the network is found in a beacon.
        _set(_row("80211_keys", "wpa-pwd", _PASSPHRASE)),
        _set(_row("80211_keys", "wpa-pwd", f"another {_PASSPHRASE}")),
    ),
    Keys(
        "wifi.pcap",
        "icmp",
        _set(_row("80211_keys", "wpa-psk", _WPA_PSK)),
        _set(_row("80211_keys", "wpa-psk", _WPA_PSK[::-1])),
    ),
    Keys(
        "wifi.pcap",
        "icmp",
        _set(
            _row("80211_keys", "wpa-psk", _WPA_PSK[::-1]),
            _row("80211_keys", "wpa-psk", _WPA_PSK),
        ),
        _set(
            _row("80211_keys", "wpa-psk", _WPA_PSK),
            "wlan.enable_decryption:FALSE",
        ),
    ),
    Keys(
        "ieee802154.pcap",
        "icmpv6",
        _set(_row("ieee802154_keys", _count(0xC0, 16), "1", "No hash")),
        _set(_row("ieee802154_keys", _count(0xC1, 16), "1", "No hash")),
    ),
    Keys(
        "zigbee.pcap",
        "zbee_zcl.cmd.id",
        _zigbee(_count(0xA0, 16)),
        _zigbee(_count(0xA1, 16)),
    ),
    Keys(
        "lorawan.pcap",
        "lorawan.frmpayload_decrypted contains 68:69:64:64:65:6e",
        _lorawan(_count(0xD0, 16)),
        _lorawan(_count(0xD1, 16)),
    ),
    Keys(
        "snmpv3.pcap",
        "snmp.value.octets",
        _snmp("hidden authentication", "hidden privacy"),
        _snmp("hidden authentication", "other privacy"),
    ),
]

# How each is printed.
FORMATS = [
    ["-V"],
    ["-2", "-T", "json"],
    [
        *("-T", "fields", "-e", "frame.number", "-e", "frame.protocols"),
        *("-e", "_ws.col.Info", "-E", "header=y"),
    ],
]
