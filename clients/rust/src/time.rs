// SPDX-License-Identifier: Apache-2.0

//! Points in time and durations with nanoseconds.

use std::fmt;
use std::time::{Duration, SystemTime};

use crate::v1;

const NANOS_PER_SECOND: i32 = 1_000_000_000;

/// A point in time, as a capture has it.
///
/// It prints as seconds since 1970 with nine decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    /// Whole seconds since 1970-01-01 00:00:00 UTC.
    pub seconds: i64,
    /// Nanoseconds to add: 0 to 999,999,999, unless a damaged capture has others.
    pub nanos: i32,
}

/// A duration, as a capture has it. Both parts of a negative one are negative or 0.
///
/// It prints as seconds with nine decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval {
    /// Whole seconds.
    pub seconds: i64,
    /// Nanoseconds to add.
    pub nanos: i32,
}

impl Timestamp {
    pub(crate) fn from_parts(seconds: i64, nanos: i32) -> Self {
        if (1 - NANOS_PER_SECOND..0).contains(&nanos) {
            return Self { seconds: seconds.wrapping_sub(1), nanos: nanos + NANOS_PER_SECOND };
        }
        Self { seconds, nanos }
    }

    /// Returns the time in the standard library's type; nothing if that can't express
    /// it.
    #[must_use]
    pub fn system_time(self) -> Option<SystemTime> {
        let nanos = u32::try_from(self.nanos).ok()?;
        let whole = Duration::from_secs(self.seconds.unsigned_abs());
        let second = if self.seconds < 0 {
            SystemTime::UNIX_EPOCH.checked_sub(whole)
        } else {
            SystemTime::UNIX_EPOCH.checked_add(whole)
        };
        second?.checked_add(Duration::from_nanos(nanos.into()))
    }
}

impl Interval {
    /// Returns the duration in the standard library's type; nothing if it is negative.
    #[must_use]
    pub fn duration(self) -> Option<Duration> {
        let seconds = Duration::from_secs(u64::try_from(self.seconds).ok()?);
        seconds.checked_add(Duration::from_nanos(u64::try_from(self.nanos).ok()?))
    }
}

impl From<v1::TimeValue> for Timestamp {
    fn from(time: v1::TimeValue) -> Self {
        Self::from_parts(time.seconds, time.nanos)
    }
}

impl From<Timestamp> for v1::TimeValue {
    fn from(time: Timestamp) -> Self {
        Self { seconds: time.seconds, nanos: time.nanos }
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:09}", self.seconds, self.nanos)
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // If the seconds are zero, only the nanoseconds have the sign.
        let sign = if self.nanos < 0 && self.seconds >= 0 { "-" } else { "" };
        write!(f, "{sign}{}.{:09}", self.seconds, self.nanos.unsigned_abs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn negative_nanoseconds_of_a_point_in_time_borrow_a_second() {
        let time = Timestamp::from_parts(10, -1);
        assert_eq!(time.to_string(), "9.999999999");
        assert_eq!(Timestamp::from_parts(10, i32::MIN).nanos, i32::MIN);
    }

    #[test]
    fn times_before_1970_convert() {
        let time = Timestamp::from_parts(-2, 500_000_000).system_time().unwrap();
        let before = SystemTime::UNIX_EPOCH.duration_since(time).unwrap();
        assert_eq!(before, Duration::from_millis(1500));
        assert_eq!(Timestamp::from_parts(10, i32::MIN).system_time(), None);
    }

    #[test]
    fn the_sign_of_a_short_interval_is_kept() {
        let interval = Interval { seconds: 0, nanos: -5 };
        assert_eq!(interval.to_string(), "-0.000000005");
        assert_eq!(interval.duration(), None);
    }
}
