// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/tshark/dumpcap_arguments.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "clients/cli/status_macros.h"
#include "clients/cli/tshark/option_table.h"

namespace dissectd::cli::tshark {
namespace {

using Words = std::vector<std::string>;

// The options that both programs have.
constexpr absl::string_view kFlags = "DghILpqv";
constexpr absl::string_view kLettersWithValue = "abBcfiswy";

absl::Status AppendFlag(char letter, Words* words) {
  switch (letter) {
    case 'n':
      words->insert(words->end(), {"-F", "pcapng"});
      return absl::OkStatus();
    case 'P':
      words->insert(words->end(), {"-F", "pcap"});
      return absl::OkStatus();
    default:
      break;
  }
  const std::string option = absl::StrCat("-", std::string(1, letter));
  if (!absl::StrContains(kFlags, letter)) {
    return absl::InvalidArgumentError(absl::StrCat(
        option, " isn't supported: tshark has no such option of dumpcap."));
  }
  words->push_back(option);
  return absl::OkStatus();
}

// Appends the letters of one argument. A value may also be the next argument,
// which the caller then passes on.
absl::Status AppendLetters(absl::string_view letters, Words* words) {
  for (size_t i = 0; i < letters.size(); ++i) {
    if (absl::StrContains(kLettersWithValue, letters[i])) {
      words->push_back(absl::StrCat("-", letters.substr(i)));
      return absl::OkStatus();
    }
    RETURN_IF_ERROR(AppendFlag(letters[i], words));
  }
  return absl::OkStatus();
}

// Whether the value of an option, which is the last word, is the next argument.
bool LacksValue(absl::string_view option) {
  if (absl::ConsumePrefix(&option, "--")) {
    return FindLongOption(option).kind == Kind::kWithValue;
  }
  return option.size() == 2 && absl::StrContains(kLettersWithValue, option[1]);
}

bool IsOption(absl::string_view argument) {
  return argument.size() > 1 && argument[0] == '-';
}

// Appends an argument that is an option, or several.
absl::Status AppendOption(absl::string_view argument, Words* words) {
  if (argument[1] != '-') return AppendLetters(argument.substr(1), words);
  words->emplace_back(argument);
  return absl::OkStatus();
}

// The arguments of dumpcap, which also takes options after its filter.
struct SortedArguments {
  Words options;
  Words operands;
};

absl::StatusOr<SortedArguments> Sort(const Words& arguments) {
  SortedArguments sorted;
  bool is_value = false;
  for (auto it = arguments.begin(); it != arguments.end(); ++it) {
    if (is_value) {
      sorted.options.push_back(*it);
      is_value = false;
    } else if (*it == "--") {
      sorted.operands.insert(sorted.operands.end(), it + 1, arguments.end());
      break;
    } else if (IsOption(*it)) {
      RETURN_IF_ERROR(AppendOption(*it, &sorted.options));
      is_value = LacksValue(sorted.options.back());
    } else {
      sorted.operands.push_back(*it);
    }
  }
  return sorted;
}

// Whether tshark would print the packets of a capture.
bool PrintsPackets(const Words& words) {
  return std::none_of(words.begin(), words.end(), [](const std::string& word) {
    return absl::StartsWith(word, "-w") || absl::StartsWith(word, "--list") ||
           word == "-D" || word == "-L" || word == "-v" || word == "-h" ||
           word == "--version" || word == "--help";
  });
}

}  // namespace

absl::StatusOr<Words> FromDumpcapArguments(const Words& arguments) {
  absl::StatusOr<SortedArguments> sorted = Sort(arguments);
  if (!sorted.ok()) return sorted.status();
  if (sorted->operands.size() > 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("Invalid argument: ", sorted->operands[1]));
  }
  Words words = std::move(sorted->options);
  // dumpcap writes to a temporary file then, which nobody reads.
  if (PrintsPackets(words)) words.insert(words.end(), {"-w", "/dev/null"});
  if (sorted->operands.empty()) return words;
  // The filter may begin with a "-".
  words.insert(words.end(), {"--", sorted->operands[0]});
  return words;
}

}  // namespace dissectd::cli::tshark
