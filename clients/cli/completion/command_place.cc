// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/completion/command_place.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace dissectd::cli {
namespace {

// An option in a word: `--NAME`, `--NAME=VALUE`, or letters such as `-VY` that
// the value of the last one may follow.
struct OptionWord {
  // Null if there is no such option.
  const CLI::Option* option = nullptr;
  // The part of the word before the value.
  std::string before;
  // Whether the word has the value.
  bool has_value = false;
};

bool TakesValue(const CLI::Option& option) {
  return option.get_items_expected_max() > 0;
}

bool NeedsValue(const CLI::Option& option) {
  return option.get_items_expected_min() > 0;
}

OptionWord ParseLongOption(const CLI::App& command, const std::string& word) {
  const size_t equals = word.find('=');
  OptionWord parsed;
  parsed.option = command.get_option_no_throw(word.substr(0, equals));
  parsed.has_value = equals != std::string::npos;
  parsed.before = word.substr(0, parsed.has_value ? equals + 1 : equals);
  return parsed;
}

OptionWord ParseLetters(const CLI::App& command, const std::string& word) {
  OptionWord parsed;
  for (size_t letter = 1; letter < word.size(); ++letter) {
    parsed.option =
        command.get_option_no_throw(absl::StrCat("-", word.substr(letter, 1)));
    if (parsed.option == nullptr || TakesValue(*parsed.option)) {
      parsed.before = word.substr(0, letter + 1);
      parsed.has_value = letter + 1 < word.size();
      return parsed;
    }
  }
  parsed.before = word;
  return parsed;
}

OptionWord ParseOption(const CLI::App& command, const std::string& word) {
  return absl::StartsWith(word, "--") ? ParseLongOption(command, word)
                                      : ParseLetters(command, word);
}

// A lone dash is a value: standard input.
bool IsOption(absl::string_view word) {
  return word.size() > 1 && word[0] == '-';
}

// Returns the command below another one with this name; null if there is none.
const CLI::App* CommandNamed(const CLI::App& parent, const std::string& name) {
  const std::vector<const CLI::App*> found = parent.get_subcommands(
      [&](const CLI::App* command) { return command->get_name() == name; });
  return found.empty() ? nullptr : found.front();
}

// Returns the operand with this index; null if the command takes fewer.
const CLI::Option* OperandAt(const CLI::App& command, int index) {
  for (const CLI::Option* option : command.get_options(
           [](const CLI::Option* o) { return o->get_positional(); })) {
    index -= option->get_items_expected_max();
    if (index < 0) return option;
  }
  return nullptr;
}

// Walks through the words before the last one.
class Walk {
 public:
  explicit Walk(const CLI::App& program) { place_.command = &program; }

  void Pass(const std::string& word) {
    if (pending_ != nullptr) {
      Give(*pending_, word);
      pending_ = nullptr;
    } else if (!only_operands_ && word == "--") {
      only_operands_ = true;
    } else if (!only_operands_ && IsOption(word)) {
      PassOption(word);
    } else {
      PassOperand(word);
    }
  }

  CommandPlace End(const std::string& word) {
    place_.typed = word;
    if (pending_ != nullptr) {
      place_.option = pending_;
    } else if (!only_operands_ && !word.empty() && word[0] == '-') {
      EndInOption(word);
    } else {
      place_.option = OperandAt(*place_.command, operands_);
    }
    return place_;
  }

 private:
  void PassOption(const std::string& word) {
    const OptionWord parsed = ParseOption(*place_.command, word);
    if (parsed.option == nullptr) return;
    if (parsed.has_value) {
      Give(*parsed.option, word.substr(parsed.before.size()));
    } else if (NeedsValue(*parsed.option)) {
      pending_ = parsed.option;
    } else {
      place_.given.push_back(word);
    }
  }

  void PassOperand(const std::string& word) {
    const CLI::App* command =
        operands_ > 0 ? nullptr : CommandNamed(*place_.command, word);
    if (command == nullptr) {
      ++operands_;
    } else {
      place_.command = command;
    }
  }

  void EndInOption(const std::string& word) {
    const OptionWord parsed = ParseOption(*place_.command, word);
    if (parsed.option == nullptr || !parsed.has_value) {
      place_.is_option_name = true;
      return;
    }
    place_.option = parsed.option;
    place_.before = parsed.before;
    place_.typed = word.substr(parsed.before.size());
  }

  void Give(const CLI::Option& option, const std::string& value) {
    if (option.get_lnames().empty()) return;
    place_.given.push_back(
        absl::StrCat("--", option.get_lnames().front(), "=", value));
  }

  CommandPlace place_;
  const CLI::Option* pending_ = nullptr;
  int operands_ = 0;
  bool only_operands_ = false;
};

}  // namespace

CommandPlace FindPlace(const CLI::App& program,
                       const std::vector<std::string>& words) {
  Walk walk(program);
  for (size_t i = 0; i + 1 < words.size(); ++i) walk.Pass(words[i]);
  return walk.End(words.back());
}

}  // namespace dissectd::cli
