// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/extcap/extcap_argument.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/base/status_macros.h"
#include "server/extcap/extcap_errors.h"

namespace dissectd::server {
namespace {

// A command line has room for several of this length.
constexpr size_t kMaxValueBytes = 16 << 10;

const ExtcapArgument* Find(const std::vector<ExtcapArgument>& arguments,
                           absl::string_view name) {
  const auto found = std::find_if(arguments.begin(), arguments.end(),
                                  [name](const ExtcapArgument& argument) {
                                    return argument.description.name() == name;
                                  });
  return found == arguments.end() ? nullptr : &*found;
}

bool IsChoice(const v1::ExtcapArgument& argument, absl::string_view value) {
  return std::any_of(argument.values().begin(), argument.values().end(),
                     [value](const v1::ExtcapValue& choice) {
                       return choice.value() == value;
                     });
}

bool IsBoolean(absl::string_view value) {
  for (const char* text : {"true", "false", "yes", "no", "1", "0"}) {
    if (absl::EqualsIgnoreCase(value, text)) return true;
  }
  return false;
}

// Returns what is wrong with a number; empty if nothing is.
std::string CheckNumber(const ExtcapArgument& argument,
                        absl::string_view value) {
  const std::string& type = argument.description.type();
  double number = 0;
  int64_t integer = 0;
  if (type == "double" ? !absl::SimpleAtod(value, &number)
                       : !absl::SimpleAtoi(value, &integer)) {
    return "isn't a number";
  }
  if (type != "double") number = static_cast<double>(integer);
  if (!std::isfinite(number)) return "isn't a number";
  if (type == "unsigned" && number < 0) return "is negative";
  if ((argument.minimum.has_value() && number < *argument.minimum) ||
      (argument.maximum.has_value() && number > *argument.maximum)) {
    return absl::StrCat("isn't from ", *argument.minimum, " to ",
                        *argument.maximum);
  }
  return "";
}

// Returns what is wrong with a client's value, as the end of a sentence about
// the argument; empty if nothing is.
std::string CheckValue(const ExtcapArgument& argument,
                       const std::string& value) {
  const v1::ExtcapArgument& description = argument.description;
  const std::string& type = description.type();
  if (description.refused()) {
    return "names a file or a program of the server, so that clients can't "
           "give "
           "it";
  }
  if (value.size() > kMaxValueBytes) return "is too long";
  if (value.find('\0') != std::string::npos) return "has a NUL character";
  if (value.empty()) return "";
  if (type == "integer" || type == "unsigned" || type == "long" ||
      type == "double") {
    return CheckNumber(argument, value);
  }
  if (type == "boolean" || type == "boolflag") {
    return IsBoolean(value) ? "" : "is neither true nor false";
  }
  if (description.values().empty()) return "";
  constexpr char kNoChoice[] = "isn't one of its values";
  if (type == "selector" || type == "radio") {
    return IsChoice(description, value) ? "" : kNoChoice;
  }
  if (type == "multicheck") {
    for (const absl::string_view part : absl::StrSplit(value, ',')) {
      if (!IsChoice(description, part)) return kNoChoice;
    }
  }
  return "";
}

void AddWords(const ExtcapArgument& argument, const std::string& value,
              std::vector<std::string>* words) {
  if (argument.description.type() == "boolflag") {
    if (IsExtcapTrue(value)) words->push_back(argument.call);
    return;
  }
  if (value.empty()) return;
  AddExtcapOption(argument.call, value, words);
}

}  // namespace

void AddExtcapOption(const std::string& option, const std::string& value,
                     std::vector<std::string>* words) {
  if (absl::StartsWith(value, "-")) {
    // No parser takes such a value for an option if it is joined.
    words->push_back(absl::StrCat(option, "=", value));
    return;
  }
  words->push_back(option);
  words->push_back(value);
}

bool IsExtcapTrue(absl::string_view text) {
  return !text.empty() && absl::StrContains("yYtT123456789", text.substr(0, 1));
}

absl::StatusOr<std::vector<std::string>> ExtcapWords(
    absl::string_view interface, const std::vector<ExtcapArgument>& arguments,
    const ExtcapValues& values) {
  for (const auto& [name, value] : values) {
    const ExtcapArgument* argument = Find(arguments, name);
    const std::string problem =
        argument == nullptr ? "doesn't exist" : CheckValue(*argument, value);
    if (!problem.empty()) {
      return errors::ExtcapArgumentInvalid(interface, name, problem);
    }
  }
  std::vector<std::string> words;
  for (const ExtcapArgument& argument : arguments) {
    const v1::ExtcapArgument& description = argument.description;
    const auto given = values.find(description.name());
    const std::string& value =
        given == values.end() ? argument.passed_default : given->second;
    if (description.required() && value.empty()) {
      return errors::ExtcapArgumentInvalid(interface, description.name(),
                                           "is required");
    }
    AddWords(argument, value, &words);
  }
  return words;
}

}  // namespace dissectd::server
