// SPDX-License-Identifier: Apache-2.0

#include "clients/cpp/number_text.h"

#include <cstdio>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace dissectd {
namespace {

// Returns the letter of C's escape for a character, or 0 if it has none.
char EscapeLetter(uint64_t value) {
  switch (value) {
    case '\0':
      return '0';
    case '\a':
      return 'a';
    case '\b':
      return 'b';
    case '\t':
      return 't';
    case '\n':
      return 'n';
    case '\v':
      return 'v';
    case '\f':
      return 'f';
    case '\r':
      return 'r';
    case '\\':
      return '\\';
    case '\'':
      return '\'';
    default:
      return 0;
  }
}

// Appends mantissa * 10^exponent without an exponent.
//
// `width` is the number of digits of the mantissa, which may be one more than
// `digits` has: libwireshark 4.0 loses the eighth digit of a mantissa, and
// then all that would follow it.
void AppendScaled(absl::string_view digits, int width, int exponent,
                  OutputBuffer* out) {
  const bool lost = static_cast<int>(digits.size()) < width;
  if (exponent >= 0) {
    out->Append(digits);
    if (!lost) out->Append(exponent, '0');
  } else if (-exponent < width) {
    const int whole = width + exponent;
    out->Append(digits.substr(0, whole));
    out->Append('.');
    out->Append(digits.substr(whole));
  } else {
    out->Append("0.");
    out->Append(-exponent - width, '0');
    out->Append(digits);
  }
}

// The names of the five mantissas that aren't numbers.
constexpr absl::string_view kSpecial[] = {"+INFINITY", "NaN", "NRes", "RFU",
                                          "-INFINITY"};

}  // namespace

void AppendCharacter(uint64_t value, bool hexadecimal, OutputBuffer* out) {
  out->Append('\'');
  if (const char letter = EscapeLetter(value); letter != 0) {
    out->Append('\\');
    out->Append(letter);
  } else if (value >= 0x20 && value < 0x7f) {
    out->Append(static_cast<char>(value));
  } else if (hexadecimal) {
    out->Append("\\x");
    out->AppendHex(value, 2);
  } else {
    out->Append('\\');
    for (int shift = 6; shift >= 0; shift -= 3) {
      out->Append(static_cast<char>('0' + ((value >> shift) & 7)));
    }
  }
  out->Append('\'');
}

void AppendFloating(double value, int digits, OutputBuffer* out) {
  char* text = out->Reserve(40);
  out->Commit(std::snprintf(text, 40, "%.*g", digits, value));
}

void AppendIeee11073Short(uint16_t value, OutputBuffer* out) {
  constexpr uint16_t kFirstSpecial = 0x07fe;
  if (value >= kFirstSpecial && value <= kFirstSpecial + 4) {
    out->Append(kSpecial[value - kFirstSpecial]);
    return;
  }
  int mantissa = value & 0xfff;
  if (mantissa & 0x800) mantissa -= 0x1000;
  if (mantissa == 0) {
    out->Append('0');
    return;
  }
  int exponent = value >> 12;
  if (exponent & 0x8) exponent -= 0x10;
  if (mantissa < 0) out->Append('-');
  const std::string digits = absl::StrCat(mantissa < 0 ? -mantissa : mantissa);
  AppendScaled(digits, static_cast<int>(digits.size()), exponent, out);
}

void AppendIeee11073(uint32_t value, OutputBuffer* out) {
  constexpr uint32_t kFirstSpecial = 0x007ffffe;
  if (value >= kFirstSpecial && value <= kFirstSpecial + 4) {
    out->Append(kSpecial[value - kFirstSpecial]);
    return;
  }
  const bool negative = (value & 0x800000) != 0;
  // For a negative mantissa, libwireshark 4.0 drops the sign bit before it
  // takes the complement of the rest in 32 bits.
  const uint32_t low = value & 0x7fffff;
  const uint32_t mantissa = negative ? -(low | 0xff000000) : low;
  if (mantissa == 0) {
    out->Append('0');
    return;
  }
  const auto exponent = static_cast<int8_t>(value >> 24);
  if (negative) out->Append('-');
  std::string digits = absl::StrCat(mantissa);
  const int width = static_cast<int>(digits.size());
  if (width > 7) digits.resize(7);
  AppendScaled(digits, width, exponent, out);
}

}  // namespace dissectd
