// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/tshark/arguments.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace dissectd::cli::tshark {
namespace {

class Parser {
 public:
  explicit Parser(const std::vector<std::string>& arguments)
      : arguments_(arguments) {}

  Arguments Parse() {
    while (next_ < arguments_.size() && result_.error.empty()) {
      const absl::string_view argument = arguments_[next_];
      if (argument == "--") {
        ++next_;
        break;
      }
      if (argument.size() < 2 || argument[0] != '-') break;
      ++next_;
      if (argument[1] == '-') {
        ParseLong(argument.substr(2));
      } else {
        ParseLetters(argument.substr(1));
      }
    }
    if (result_.error.empty()) {
      result_.words.assign(
          arguments_.begin() + static_cast<std::ptrdiff_t>(next_),
          arguments_.end());
    }
    return std::move(result_);
  }

 private:
  void Fail(absl::string_view what, absl::string_view option) {
    result_.error = absl::StrCat(what, ": ", option);
  }

  void Add(int option, absl::string_view value) {
    result_.options.push_back({option, std::string(value)});
  }

  // Adds an option whose value is the next argument.
  void AddWithNext(int option, absl::string_view name) {
    if (next_ == arguments_.size()) {
      Fail("option requires an argument", name);
      return;
    }
    Add(option, arguments_[next_++]);
  }

  void ParseLetters(absl::string_view letters) {
    for (size_t i = 0; i < letters.size(); ++i) {
      const char letter = letters[i];
      switch (KindOfLetter(letter)) {
        case Kind::kUnknown:
          Fail("unrecognized option", letters.substr(i, 1));
          return;
        case Kind::kFlag:
          Add(letter, "");
          break;
        case Kind::kWithValue:
          if (i + 1 < letters.size()) {
            Add(letter, letters.substr(i + 1));
          } else {
            AddWithNext(letter, letters.substr(i, 1));
          }
          return;
      }
    }
  }

  void ParseLong(absl::string_view text) {
    const size_t equals = text.find('=');
    const LongOption found = FindLongOption(text.substr(0, equals));
    const bool has_value = equals != absl::string_view::npos;
    if (found.ambiguous) {
      Fail("option is ambiguous", text);
    } else if (found.kind == Kind::kUnknown) {
      Fail("unrecognized option", text);
    } else if (found.kind == Kind::kFlag) {
      if (has_value) {
        Fail("option does not take an argument", found.name);
      } else {
        Add(found.option, "");
      }
    } else if (has_value) {
      Add(found.option, text.substr(equals + 1));
    } else {
      AddWithNext(found.option, found.name);
    }
  }

  const std::vector<std::string>& arguments_;
  size_t next_ = 0;
  Arguments result_;
};

}  // namespace

bool Arguments::Has(int option) const {
  return std::any_of(
      options.begin(), options.end(),
      [option](const GivenOption& given) { return given.option == option; });
}

std::string Arguments::Last(int option) const {
  const auto found = std::find_if(
      options.rbegin(), options.rend(),
      [option](const GivenOption& given) { return given.option == option; });
  return found == options.rend() ? std::string() : found->value;
}

Arguments ParseArguments(const std::vector<std::string>& arguments) {
  return Parser(arguments).Parse();
}

}  // namespace dissectd::cli::tshark
