// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/tshark/dumpcap_arguments.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "clients/cli/status_macros.h"

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

// Whether the last word is an option without its value.
bool LacksValue(const Words& words) {
  return !words.empty() && words.back().size() == 2 && words.back()[0] == '-' &&
         absl::StrContains(kLettersWithValue, words.back()[1]);
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
  Words words;
  for (const std::string& argument : arguments) {
    const bool is_letters =
        argument.size() > 1 && argument[0] == '-' && argument[1] != '-';
    if (is_letters && !LacksValue(words)) {
      RETURN_IF_ERROR(
          AppendLetters(absl::string_view(argument).substr(1), &words));
    } else {
      words.push_back(argument);
    }
  }
  // dumpcap writes to a temporary file then, which nobody reads.
  if (PrintsPackets(words)) words.insert(words.end(), {"-w", "/dev/null"});
  return words;
}

}  // namespace dissectd::cli::tshark
