// SPDX-License-Identifier: Apache-2.0

//! Addresses and identifiers, and their texts as Wireshark writes them.

use std::borrow::Cow;
use std::fmt;
use std::net::Ipv6Addr;

use crate::v1::FieldType;

/// A MAC address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MacAddress(pub [u8; 6]);

impl fmt::Display for MacAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(f, &self.0)
    }
}

/// An address or identifier for which Rust has no type, such as a GUID or an OID.
///
/// It prints as Wireshark writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Address<'a> {
    kind: FieldType,
    content: Content<'a>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Content<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

impl<'a> Address<'a> {
    pub(crate) fn from_number(kind: FieldType, number: u64) -> Self {
        Self { kind, content: Content::Number(number) }
    }

    pub(crate) fn from_bytes(kind: FieldType, bytes: &'a [u8]) -> Self {
        Self { kind, content: Content::Bytes(bytes) }
    }

    /// Returns the type of the field that has the address.
    #[must_use]
    pub fn kind(&self) -> FieldType {
        self.kind
    }

    /// Returns the address in network order.
    #[must_use]
    pub fn bytes(&self) -> Cow<'a, [u8]> {
        match self.content {
            Content::Bytes(bytes) => Cow::Borrowed(bytes),
            Content::Number(number) if self.kind == FieldType::Ipxnet => {
                Cow::Owned(number.to_be_bytes()[4..].to_vec())
            }
            Content::Number(number) => Cow::Owned(number.to_be_bytes().to_vec()),
        }
    }
}

impl fmt::Display for Address<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.bytes();
        match self.kind {
            FieldType::Ipxnet => write_separated(f, &bytes, |i| if i == 0 { "0x" } else { "" }),
            FieldType::Guid => write_guid(f, &bytes),
            FieldType::Oid => write_object_identifier(f, &bytes),
            FieldType::RelOid => write_parts(f, &base_128(&bytes), ""),
            FieldType::SystemId => write_system_id(f, &bytes),
            _ => write_hex(f, &bytes),
        }
    }
}

/// Writes bytes in hexadecimal, each after the separator for its index.
fn write_separated(
    f: &mut fmt::Formatter<'_>,
    bytes: &[u8],
    separator: impl Fn(usize) -> &'static str,
) -> fmt::Result {
    bytes.iter().enumerate().try_for_each(|(i, byte)| write!(f, "{}{byte:02x}", separator(i)))
}

fn write_hex(f: &mut fmt::Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    write_separated(f, bytes, |i| if i == 0 { "" } else { ":" })
}

fn write_guid(f: &mut fmt::Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    write_separated(f, bytes, |i| if matches!(i, 4 | 6 | 8 | 10) { "-" } else { "" })
}

/// Returns BER's base-128 numbers. Bytes after the last complete one do not count.
fn base_128(ber: &[u8]) -> Vec<u64> {
    let mut parts = Vec::new();
    let mut part = 0_u64;
    for byte in ber {
        part = part << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            parts.push(part);
            part = 0;
        }
    }
    parts
}

/// Writes parts after dots. Like Wireshark, writes nothing if one has more than 32 bits.
fn write_parts(f: &mut fmt::Formatter<'_>, parts: &[u64], root: &str) -> fmt::Result {
    if parts.iter().any(|part| *part > u64::from(u32::MAX)) {
        return Ok(());
    }
    f.write_str(root)?;
    parts.iter().try_for_each(|part| write!(f, ".{part}"))
}

fn write_object_identifier(f: &mut fmt::Formatter<'_>, ber: &[u8]) -> fmt::Result {
    let mut parts = base_128(ber);
    let Some(first) = parts.first_mut() else {
        return f.write_str("0");
    };
    // The first number holds the first two parts.
    let root = (*first / 40).min(2);
    *first -= root * 40;
    write_parts(f, &parts, &root.to_string())
}

fn write_system_id(f: &mut fmt::Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    match bytes.len() {
        0 | 16.. => f.write_str("<Invalid length of SYSTEM ID>"),
        6..=8 => write_separated(f, bytes, |i| match i {
            2 | 4 | 6 => ".",
            7 => "-",
            _ => "",
        }),
        // A dot follows the fourth byte, even if it is the last one.
        4 => {
            write_separated(f, bytes, |_| "")?;
            f.write_str(".")
        }
        _ => write_separated(f, bytes, |i| if i == 4 { "." } else { "" }),
    }
}

/// Writes an IPv6 address as Wireshark does: unlike Rust, it writes IPv4-compatible
/// addresses (`::192.0.2.1`) with dots.
pub(crate) fn write_ipv6(f: &mut fmt::Formatter<'_>, address: Ipv6Addr) -> fmt::Result {
    match address.segments() {
        [0, 0, 0, 0, 0, 0, high, _] if high != 0 => {
            let [.., first, second, third, fourth] = address.octets();
            write!(f, "::{first}.{second}.{third}.{fourth}")
        }
        _ => write!(f, "{address}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(kind: FieldType, bytes: &[u8]) -> String {
        Address::from_bytes(kind, bytes).to_string()
    }

    #[test]
    fn identifiers_print_as_in_wireshark() {
        assert_eq!(text(FieldType::Oid, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d]), "1.2.840.113549");
        assert_eq!(text(FieldType::Oid, &[0x88, 0x37]), "2.999");
        assert_eq!(text(FieldType::Oid, &[]), "0");
        assert_eq!(text(FieldType::RelOid, &[8, 0x85, 0x03]), ".8.643");
        assert_eq!(text(FieldType::SystemId, &[1, 2, 3, 4, 5, 6, 7, 8]), "0102.0304.0506.07-08");
        assert_eq!(text(FieldType::SystemId, &[1, 2, 3, 4, 5]), "01020304.05");
        assert_eq!(text(FieldType::Fcwwn, &[1, 0xab]), "01:ab");
        let guid: Vec<u8> = (0..16).collect();
        assert_eq!(text(FieldType::Guid, &guid), "00010203-0405-0607-0809-0a0b0c0d0e0f");
    }

    #[test]
    fn numbers_become_bytes_in_network_order() {
        let network = Address::from_number(FieldType::Ipxnet, 0x0102_0304);
        assert_eq!(network.to_string(), "0x01020304");
        let eui = Address::from_number(FieldType::Eui64, 0x0102_0304_0506_0708);
        assert_eq!(eui.to_string(), "01:02:03:04:05:06:07:08");
    }
}
