// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CPP_NUMBER_TEXT_H_
#define CLIENTS_CPP_NUMBER_TEXT_H_

#include <cstdint>

#include "clients/cpp/output_buffer.h"

namespace dissectd {

// Appends an octet as a character constant, for example `'A'` or `'\n'`.
// Characters without a letter are escaped in hexadecimal or octal.
void AppendCharacter(uint64_t value, bool hexadecimal, OutputBuffer* out);

// Appends a floating-point number with this number of significant digits.
void AppendFloating(double value, int digits, OutputBuffer* out);

// Appends an IEEE 11073 short float (a 12-bit mantissa, a 4-bit exponent).
void AppendIeee11073Short(uint16_t value, OutputBuffer* out);

// Appends an IEEE 11073 float (a 24-bit mantissa, an 8-bit exponent).
void AppendIeee11073(uint32_t value, OutputBuffer* out);

}  // namespace dissectd

#endif  // CLIENTS_CPP_NUMBER_TEXT_H_
