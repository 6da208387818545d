# SPDX-License-Identifier: GPL-2.0-or-later
"""Options that name files with keys, for captures of encrypted protocols."""

import dataclasses

_PSK = "0123456789abcdef0123456789abcdef"
_ESP_ROW = (
    'uat:esp_sa:"IPv4","192.0.2.1","192.0.2.2","0x1000","AES-CBC [RFC3602]",'
    '"0x000102030405060708090a0b0c0d0e0f","HMAC-SHA-1-96 [RFC2404]",'
    '"0x000102030405060708090a0b0c0d0e0f10111213"'
)
_KERBEROS = ["-o", "kerberos.decrypt:TRUE"]


@dataclasses.dataclass(frozen=True)
class Keys:
    """Options for a capture."""

    capture: str
    # tshark's options, without which the output must be different.
    tshark: list[str]
    # Those of `dissectctl read`, if it has a name of its own for them.
    read: list[str] | None = None

    @property
    def name(self) -> str:
        return " ".join(self.tshark)

    @property
    def read_options(self) -> list[str]:
        return self.tshark if self.read is None else self.read


CASES = [
    Keys(
        "http1-tls.pcap",
        ["-o", "tls.keylog_file:http1-tls.keys"],
        ["--tls-keylog", "http1-tls.keys"],
    ),
    Keys("http1-tls.pcap", ["-o", "ssl.keylog_file:http1-tls.keys"]),
    Keys("http1-tls.pcap", ["-o", "tls.keylog_file:folder/a,b;c.keys"]),
    Keys("tls-rsa.pcap", ["-o", 'uat:rsa_keys:"tls-rsa.pem",""']),
    Keys("tls-rsa.pcap", ["-o", 'uat:rsa_keys: "tls-rsa.pem" , "" ']),
    Keys(
        "tls-rsa.pcap",
        ["-o", 'uat:ssl_keys:"192.0.2.2","443","http","tls-rsa.pem",""'],
    ),
    Keys(
        "tls-rsa.pcap",
        ["-o", 'uat:ssl_keys:"","443","http","folder/tls-rsa.pem",""'],
    ),
    Keys(
        "tls-rsa.pcap", ["-o", "tls.keys_list:192.0.2.2,443,http,tls-rsa.pem"]
    ),
    Keys(
        "tls-rsa.pcap",
        ["-o", "ssl.keys_list:192.0.2.2,443,http,folder/tls-rsa.pem"],
    ),
    Keys("dtls-rsa.pcap", ["-o", 'uat:rsa_keys:"tls-rsa.pem",""']),
    Keys(
        "dtls-rsa.pcap",
        [
            "-o",
            "uat:dtlsdecrypttablefile:"
            '"192.0.2.2","4433","data","tls-rsa.pem",""',
        ],
    ),
    Keys("tls-psk.pcap", ["-o", f"tls.psk:{_PSK}"]),
    Keys(
        "ssh.pcap",
        ["-o", "ssh.keylog_file:ssh.keys"],
        ["--ssh-keylog=ssh.keys"],
    ),
    Keys(
        "wireguard.pcap",
        ["-o", "wg.keylog_file:wireguard.keys"],
        ["--wireguard-keylog", "wireguard.keys"],
    ),
    Keys(
        "kerberos.pcap",
        ["-K", "kerberos.keytab", *_KERBEROS],
        ["--keytab", "kerberos.keytab", *_KERBEROS],
    ),
    Keys(
        "kerberos.pcap",
        [
            "-K",
            "kerberos-user.keytab",
            "-Kkerberos-service.keytab",
            *_KERBEROS,
        ],
    ),
    Keys(
        "kerberos.pcap",
        ["-K", "missing.keytab", "-K", "kerberos.keytab", *_KERBEROS],
        ["-K", "kerberos.keytab", *_KERBEROS],
    ),
    Keys("kerberos.pcap", ["-o", "kerberos.file:kerberos.keytab", *_KERBEROS]),
    Keys(
        "esp.pcap",
        [
            "-o",
            _ESP_ROW,
            "-o",
            "esp.enable_encryption_decode:TRUE",
            "-o",
            "esp.enable_authentication_check:TRUE",
        ],
    ),
]

# How each is printed.
FORMATS = [["-V"], ["-2", "-T", "json"], []]
