// SPDX-License-Identifier: GPL-2.0-or-later

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <limits>
#include <optional>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "server/options/options.h"

namespace dissectd::server {
namespace {

constexpr char kDigits[] = "0123456789";

// More than three years; clocks could overflow with much larger numbers.
constexpr uint32_t kMaxSeconds = 100'000'000;

std::optional<uint64_t> ParseDigits(absl::string_view text) {
  uint64_t number = 0;
  const bool is_number =
      text.find_first_not_of(kDigits) == absl::string_view::npos &&
      absl::SimpleAtoi(text, &number);
  return is_number ? std::optional<uint64_t>(number) : std::nullopt;
}

// Returns the logarithm of a unit, such as `mb` or `mib`, to base 2.
std::optional<int> ShiftOf(absl::string_view unit) {
  constexpr absl::string_view kPrefixes = "kmgtpe";
  constexpr int kShiftPerPrefix = 10;
  if (unit.empty() || unit == "b") return 0;
  const size_t prefix = kPrefixes.find(unit.front());
  const absl::string_view rest = unit.substr(1);
  if (prefix == absl::string_view::npos ||
      (!rest.empty() && rest != "b" && rest != "i" && rest != "ib")) {
    return std::nullopt;
  }
  return kShiftPerPrefix * (static_cast<int>(prefix) + 1);
}

std::optional<uint64_t> ParseSize(const std::string& text) {
  const size_t end = std::min(text.find_first_not_of(kDigits), text.size());
  const std::optional<uint64_t> number = ParseDigits(text.substr(0, end));
  const std::optional<int> shift = ShiftOf(
      absl::AsciiStrToLower(absl::StripAsciiWhitespace(text.substr(end))));
  if (!number.has_value() || !shift.has_value() ||
      *number > std::numeric_limits<uint64_t>::max() >> *shift) {
    return std::nullopt;
  }
  return *number << *shift;
}

std::string MinimumText(const LeastSize& least) {
  constexpr int kShiftOfMib = 20;
  return absl::StrCat(least.bytes >> kShiftOfMib, "MB");
}

// Replaces the text by the number of bytes.
std::string TakeSize(const LeastSize& least, std::string* text) {
  const std::optional<uint64_t> bytes = ParseSize(*text);
  if (!bytes.has_value()) {
    return absl::StrCat("\"", *text,
                        "\" isn't a size: a whole number of bytes, or of KB, "
                        "MB or GB as in 500MB");
  }
  if (*bytes < least.bytes && !(least.or_none && *bytes == 0)) {
    return absl::StrCat("\"", *text, "\" is too small: the minimum is ",
                        MinimumText(least),
                        least.or_none ? "; 0 is for no limit" : "");
  }
  *text = absl::StrCat(*bytes);
  return "";
}

}  // namespace

CLI::Validator Folder() {
  return CLI::Validator(
      [](const std::string& path) {
        std::error_code error;
        return std::filesystem::is_directory(path, error)
                   ? std::string()
                   : absl::StrCat("there is no folder \"", path, "\"");
      },
      "");
}

CLI::Validator WholeNumber(uint64_t min, uint64_t max) {
  return CLI::Validator(
      [min, max](std::string& text) -> std::string {
        const std::optional<uint64_t> number = ParseDigits(text);
        if (!number.has_value() || *number < min || *number > max) {
          return absl::StrCat("\"", text, "\" isn't a whole number from ", min,
                              " to ", max);
        }
        text = absl::StrCat(*number);
        return "";
      },
      "");
}

void AddLimit(CLI::App* app, const std::string& name, uint32_t* value,
              uint32_t max, const std::string& help) {
  app->add_option(name, *value, absl::StrCat(help, ", 1 to ", max))
      ->transform(WholeNumber(1, max))
      ->type_name("N")
      ->capture_default_str();
}

void AddSeconds(CLI::App* app, const std::string& name,
                std::chrono::seconds* value, const std::string& help,
                uint32_t min) {
  app->add_option_function<uint32_t>(
         name,
         [value](uint32_t count) { *value = std::chrono::seconds(count); },
         help)
      ->transform(WholeNumber(min, kMaxSeconds))
      ->type_name("SECONDS")
      ->default_str(absl::StrCat(value->count()));
}

void AddSize(CLI::App* app, const std::string& name, uint64_t* value,
             const std::string& help, LeastSize least) {
  const std::string minimum =
      least.bytes == 0 ? ""
                       : absl::StrCat("at least ", MinimumText(least), ", ");
  app->add_option(
         name, *value,
         absl::StrCat(help, ", ", minimum, "in bytes or with KB, MB, GB"))
      ->transform(CLI::Validator(
          [least](std::string& text) { return TakeSize(least, &text); }, ""))
      ->type_name("SIZE")
      ->capture_default_str();
}

}  // namespace dissectd::server
