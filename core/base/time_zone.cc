// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/base/time_zone.h"

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/strip.h"

namespace dissectd {
namespace {

constexpr size_t kMaxZoneBytes = 128;
constexpr size_t kMinNameLetters = 3;
constexpr char kDefaultDatabase[] = "/usr/share/zoneinfo";
constexpr absl::string_view kZoneFileMagic = "TZif";

bool IsLetter(char c) {
  return absl::ascii_isalpha(static_cast<unsigned char>(c));
}
bool IsDigit(char c) {
  return absl::ascii_isdigit(static_cast<unsigned char>(c));
}
bool IsAlphanumeric(char c) { return IsLetter(c) || IsDigit(c); }

// Reads a POSIX TZ string from its front to its end.
class PosixZoneReader {
 public:
  explicit PosixZoneReader(absl::string_view zone) : rest_(zone) {}

  bool ReadAll() {
    return ReadName() && ReadOffset(kMaxOffsetHours) &&
           (rest_.empty() || ReadDaylightSavingTime());
  }

 private:
  static constexpr uint32_t kMaxOffsetHours = 24;
  // RFC 9636 allows the rules' times to be in other days of the week.
  static constexpr uint32_t kMaxRuleHours = 167;

  bool ReadDaylightSavingTime() {
    if (!ReadName()) return false;
    const bool has_offset = !rest_.empty() && rest_.front() != ',';
    if (has_offset && !ReadOffset(kMaxOffsetHours)) return false;
    if (rest_.empty()) return true;
    return ReadRule() && ReadRule() && rest_.empty();
  }

  bool ReadName() {
    const bool quoted = absl::ConsumePrefix(&rest_, "<");
    size_t length = 0;
    while (length < rest_.size() && IsInName(rest_[length], quoted)) ++length;
    rest_.remove_prefix(length);
    return length >= kMinNameLetters &&
           (!quoted || absl::ConsumePrefix(&rest_, ">"));
  }

  static bool IsInName(char c, bool quoted) {
    if (!quoted) return IsLetter(c);
    return IsAlphanumeric(c) || c == '+' || c == '-';
  }

  bool ReadOffset(uint32_t max_hours) {
    if (!absl::ConsumePrefix(&rest_, "+")) absl::ConsumePrefix(&rest_, "-");
    if (!ReadNumber(0, max_hours)) return false;
    for (int i = 0; i < 2 && absl::ConsumePrefix(&rest_, ":"); ++i) {
      if (!ReadNumber(0, 59)) return false;
    }
    return true;
  }

  bool ReadRule() {
    return absl::ConsumePrefix(&rest_, ",") && ReadDate() &&
           (!absl::ConsumePrefix(&rest_, "/") || ReadOffset(kMaxRuleHours));
  }

  bool ReadDate() {
    if (absl::ConsumePrefix(&rest_, "M")) {
      return ReadNumber(1, 12) && absl::ConsumePrefix(&rest_, ".") &&
             ReadNumber(1, 5) && absl::ConsumePrefix(&rest_, ".") &&
             ReadNumber(0, 6);
    }
    if (absl::ConsumePrefix(&rest_, "J")) return ReadNumber(1, 365);
    return ReadNumber(0, 365);
  }

  bool ReadNumber(uint32_t min, uint32_t max) {
    constexpr size_t kMaxDigits = 3;
    uint32_t number = 0;
    size_t digits = 0;
    while (digits < kMaxDigits && digits < rest_.size() &&
           IsDigit(rest_[digits])) {
      number = number * 10 + static_cast<uint32_t>(rest_[digits] - '0');
      ++digits;
    }
    rest_.remove_prefix(digits);
    return digits > 0 && min <= number && number <= max;
  }

  absl::string_view rest_;
};

bool IsSafeName(const std::string& name) {
  if (name.empty() || name.size() > kMaxZoneBytes) return false;
  for (const char c : name) {
    if (!IsAlphanumeric(c) &&
        absl::string_view("/_+-.").find(c) == absl::string_view::npos) {
      return false;
    }
  }
  const std::filesystem::path path(name);
  if (path.is_absolute()) return false;
  for (const std::filesystem::path& part : path) {
    if (part.empty() || part.native().front() == '.') return false;
  }
  return true;
}

bool IsInDatabase(const std::string& name) {
  if (!IsSafeName(name)) return false;
  const char* folder = std::getenv("TZDIR");
  const std::filesystem::path path =
      std::filesystem::path(folder == nullptr ? kDefaultDatabase : folder) /
      name;
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return false;
  std::ifstream file(path, std::ios::binary);
  std::string magic(kZoneFileMagic.size(), '\0');
  file.read(magic.data(), static_cast<std::streamsize>(magic.size()));
  return file && magic == kZoneFileMagic;
}

}  // namespace

bool IsPosixTimeZone(absl::string_view zone) {
  return zone.size() <= kMaxZoneBytes && PosixZoneReader(zone).ReadAll();
}

bool IsTimeZone(const std::string& zone) {
  // These are UTC even on a machine without a database.
  return zone == "UTC" || zone == "GMT" || IsPosixTimeZone(zone) ||
         IsInDatabase(zone);
}

}  // namespace dissectd
