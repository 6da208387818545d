// SPDX-License-Identifier: Apache-2.0

//! Typed values of fields.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::address::{Address, MacAddress, write_ipv6};
use crate::time::{Interval, Timestamp};
use crate::v1::FieldType;

/// The value of a field, of the type that the field has.
///
/// It prints as Wireshark's display filters would show it, but numbers always in
/// decimal.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum Value<'a> {
    /// No value: a protocol, a label, or a field whose presence is its meaning.
    #[default]
    None,
    /// A truth value.
    Bool(bool),
    /// Unsigned integers, characters, numbers of frames, and the bits of IEEE 11073
    /// floats.
    Unsigned(u64),
    /// Signed integers.
    Signed(i64),
    /// Floating point numbers.
    Double(f64),
    /// Strings. Bytes that aren't UTF-8 are replaced by U+FFFD; see
    /// [`Node::raw_string`](crate::Node::raw_string).
    Str(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
    /// IPv4 and IPv6 addresses.
    Ip(IpAddr),
    /// Ethernet and other MAC-48 addresses.
    Mac(MacAddress),
    /// Other addresses and identifiers.
    Address(Address<'a>),
    /// Points in time.
    Time(Timestamp),
    /// Durations.
    Interval(Interval),
}

impl<'a> Value<'a> {
    pub(crate) fn from_unsigned(kind: FieldType, number: u64) -> Self {
        match kind {
            FieldType::Boolean => Self::Bool(number != 0),
            FieldType::Ipxnet | FieldType::Eui64 => {
                Self::Address(Address::from_number(kind, number))
            }
            _ => Self::Unsigned(number),
        }
    }

    pub(crate) fn from_bytes(kind: FieldType, bytes: &'a [u8]) -> Self {
        let address = Self::Address(Address::from_bytes(kind, bytes));
        match kind {
            FieldType::Bytes | FieldType::UintBytes => Self::Bytes(bytes),
            FieldType::Ipv4 => <[u8; 4]>::try_from(bytes)
                .map_or(address, |octets| Self::Ip(Ipv4Addr::from(octets).into())),
            FieldType::Ipv6 => <[u8; 16]>::try_from(bytes)
                .map_or(address, |octets| Self::Ip(Ipv6Addr::from(octets).into())),
            FieldType::Ether => {
                <[u8; 6]>::try_from(bytes).map_or(address, |octets| Self::Mac(MacAddress(octets)))
            }
            _ => address,
        }
    }

    pub(crate) fn from_time(kind: FieldType, seconds: i64, nanos: i32) -> Self {
        if kind == FieldType::AbsoluteTime {
            Self::Time(Timestamp::from_parts(seconds, nanos))
        } else {
            Self::Interval(Interval { seconds, nanos })
        }
    }

    /// Returns an unsigned integer; nothing if the value is something else.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        match self {
            Self::Unsigned(number) => Some(*number),
            _ => None,
        }
    }

    /// Returns a signed integer, or an unsigned one that fits.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Signed(number) => Some(*number),
            Self::Unsigned(number) => i64::try_from(*number).ok(),
            _ => None,
        }
    }

    /// Returns a string; nothing if the value is something else.
    #[must_use]
    pub fn as_str(&self) -> Option<&'a str> {
        match self {
            Self::Str(text) => Some(text),
            _ => None,
        }
    }

    /// Returns bytes; nothing if the value is something else.
    #[must_use]
    pub fn as_bytes(&self) -> Option<&'a [u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// Returns an IP address; nothing if the value is something else.
    #[must_use]
    pub fn as_ip(&self) -> Option<IpAddr> {
        match self {
            Self::Ip(address) => Some(*address),
            _ => None,
        }
    }
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => Ok(()),
            Self::Bool(value) => value.fmt(f),
            Self::Unsigned(number) => number.fmt(f),
            Self::Signed(number) => number.fmt(f),
            Self::Double(number) => number.fmt(f),
            Self::Str(text) => text.fmt(f),
            Self::Bytes(bytes) => bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}")),
            Self::Ip(IpAddr::V4(address)) => address.fmt(f),
            Self::Ip(IpAddr::V6(address)) => write_ipv6(f, *address),
            Self::Mac(address) => address.fmt(f),
            Self::Address(address) => address.fmt(f),
            Self::Time(time) => time.fmt(f),
            Self::Interval(interval) => interval.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_a_wrong_length_stay_bytes() {
        let value = Value::from_bytes(FieldType::Ipv4, &[192, 0, 2]);
        assert_eq!(value.to_string(), "c0:00:02");
    }

    #[test]
    fn ipv6_addresses_print_as_in_wireshark() {
        let text = |address: &str| Value::Ip(address.parse().unwrap()).to_string();
        assert_eq!(text("2001:db8:0:0:1:0:0:1"), "2001:db8::1:0:0:1");
        assert_eq!(text("::192.0.2.1"), "::192.0.2.1");
        assert_eq!(text("::ffff:192.0.2.1"), "::ffff:192.0.2.1");
        assert_eq!(text("::1"), "::1");
    }
}
