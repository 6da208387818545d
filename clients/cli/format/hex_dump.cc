// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/format/hex_dump.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace dissectd::cli {
namespace {

constexpr char kHexDigits[] = "0123456789abcdef";
constexpr size_t kBytesPerLine = 16;
constexpr size_t kHexWidth = kBytesPerLine * 3;
// An offset of 8 digits, two blanks, the bytes, two blanks, the characters
// between delimiters, the line feed.
constexpr size_t kMaxLine = 8 + 2 + kHexWidth + 2 + 2 + kBytesPerLine + 1;

// EBCDIC's characters in ASCII; periods stand for those that can't be printed.
constexpr char kEbcdic[] =
    "................................"
    " !\"#$%&'()*+,-./..23456789:;<=.?"
    " ...........<(+|&.........!$*);^"
    "-/........|,%_>?..........:#@'=\""
    ".abcdefghi.......jklmnopqr......"
    ".~stuvwxyz...[...............].."
    "{ABCDEFGHI......}JKLMNOPQR......"
    "\\.STUVWXYZ......0123456789......";
static_assert(sizeof(kEbcdic) == 257);

char Printable(unsigned char byte, bool ebcdic) {
  if (ebcdic) return kEbcdic[byte];
  return byte >= ' ' && byte < 0x7f ? static_cast<char>(byte) : '.';
}

// Returns the number of digits of the largest offset in a dump, at least 4.
int OffsetDigits(size_t size) {
  int digits = 4;
  while (digits < 8 && (size - 1) >> (4 * digits) != 0) ++digits;
  return digits;
}

}  // namespace

void AppendHexDump(absl::string_view bytes, v1::CharacterEncoding encoding,
                   HexDumpStyle::Text text, OutputBuffer* out) {
  const bool ebcdic = encoding == v1::CHARACTER_ENCODING_EBCDIC;
  const int offset_digits = OffsetDigits(bytes.size());
  for (size_t offset = 0; offset < bytes.size(); offset += kBytesPerLine) {
    const size_t count = std::min(kBytesPerLine, bytes.size() - offset);
    char* const line = out->Reserve(kMaxLine);
    char* p = line;
    for (int digit = offset_digits - 1; digit >= 0; --digit) {
      *p++ = kHexDigits[(offset >> (4 * digit)) & 0xf];
    }
    *p++ = ' ';
    *p++ = ' ';
    char* const hex = p;
    std::memset(hex, ' ', kHexWidth + 2);
    char* characters = hex + kHexWidth + 2;
    if (text == HexDumpStyle::Text::kDelimit) *characters++ = '|';
    for (size_t i = 0; i < count; ++i) {
      const unsigned char byte = bytes[offset + i];
      hex[3 * i] = kHexDigits[byte >> 4];
      hex[3 * i + 1] = kHexDigits[byte & 0xf];
      if (text != HexDumpStyle::Text::kExclude) {
        *characters++ = Printable(byte, ebcdic);
      }
    }
    if (text == HexDumpStyle::Text::kDelimit) *characters++ = '|';
    *characters++ = '\n';
    out->Commit(characters - line);
  }
}

void AppendFrameDump(const FrameView& view, const HexDumpStyle& style,
                     OutputBuffer* out) {
  const bool names =
      view.frame().sources_size() > 1 && !style.first_source_only;
  for (const v1::DataSource& source : view.frame().sources()) {
    if (names) {
      out->Append(view.batch().Text(source.name_index()));
      out->Append(":\n");
    }
    // An empty source ends the dump, as it does in tshark.
    if (source.data().empty()) return;
    AppendHexDump(source.data(), view.frame().encoding(), style.text, out);
    if (style.first_source_only) return;
  }
}

}  // namespace dissectd::cli
