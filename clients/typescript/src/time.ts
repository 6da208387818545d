// SPDX-License-Identifier: Apache-2.0

const NANOS_PER_SECOND = 1_000_000_000n;

function pad(value: number): string {
  return value.toString().padStart(9, "0");
}

/** A number of seconds with nanoseconds, as a capture has it. */
abstract class Time {
  /**
   * `nanos` are to be added. Captures can have some that are negative, or more than
   * a second.
   */
  constructor(
    readonly wholeSeconds: bigint,
    readonly nanos: number,
  ) {}

  /** All of it in nanoseconds. */
  protected get total(): bigint {
    return this.wholeSeconds * NANOS_PER_SECOND + BigInt(this.nanos);
  }

  /** Seconds as a number, which has room for microseconds of today. */
  get seconds(): number {
    return Number(this.wholeSeconds) + this.nanos / 1e9;
  }

  /** Seconds with nine decimals, for example `1764486010.589974000`. */
  protected get decimal(): string {
    const total = this.total;
    const size = total < 0n ? -total : total;
    const fraction = pad(Number(size % NANOS_PER_SECOND));
    return `${total < 0n ? "-" : ""}${String(size / NANOS_PER_SECOND)}.${fraction}`;
  }
}

/** A point in time with nanoseconds, since 1970-01-01 00:00:00 UTC. */
export class Instant extends Time {
  get epochNanoseconds(): bigint {
    return this.total;
  }

  get epochMilliseconds(): number {
    return Number(this.total / 1_000_000n);
  }

  /** Returns the seconds since 1970 with nine decimals. */
  toEpoch(): string {
    return this.decimal;
  }

  /** Returns a date, which has milliseconds only. */
  toDate(): Date {
    return new Date(this.epochMilliseconds);
  }

  /** Returns the time in UTC as ISO 8601 writes it, with nine decimals. */
  override toString(): string {
    const second = this.total / NANOS_PER_SECOND;
    const fraction = this.total % NANOS_PER_SECOND;
    // Fractions of times before 1970 count from the second before.
    const borrow = fraction < 0n ? 1n : 0n;
    const date = new Date(Number(second - borrow) * 1000);
    if (Number.isNaN(date.getTime())) return `${this.decimal} s since 1970`;
    const nanos = pad(Number(fraction + borrow * NANOS_PER_SECOND));
    return date.toISOString().replace(/\.\d+Z$/, `.${nanos}Z`);
  }

  toJSON(): string {
    return this.toString();
  }
}

/** A duration with nanoseconds. */
export class TimeSpan extends Time {
  get nanoseconds(): bigint {
    return this.total;
  }

  /** Returns the seconds with nine decimals. */
  override toString(): string {
    return this.decimal;
  }

  toJSON(): string {
    return this.decimal;
  }
}
