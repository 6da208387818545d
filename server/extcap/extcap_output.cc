// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/extcap/extcap_output.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "core/base/utf8.h"

namespace dissectd::server {
namespace {

// Longer than any text that a program shows to people.
constexpr size_t kMaxTextBytes = 4096;
// The types of arguments whose values are names of files.
constexpr absl::string_view kFileType = "fileselect";
constexpr absl::string_view kFlagType = "boolflag";

// A line of the output.
class Line {
 public:
  // Returns false if the text isn't a line of extcap's.
  bool Parse(absl::string_view text) {
    text = absl::StripAsciiWhitespace(text);
    const size_t begin = text.find('{');
    if (begin == absl::string_view::npos) return false;
    keyword_ = absl::StripTrailingAsciiWhitespace(text.substr(0, begin));
    if (!std::all_of(keyword_.begin(), keyword_.end(), absl::ascii_isalpha)) {
      return false;
    }
    for (size_t brace = begin; brace != absl::string_view::npos;
         brace = text.find('{')) {
      text.remove_prefix(brace + 1);
      const size_t end = EndOfParameter(text);
      if (end == absl::string_view::npos) break;
      AddParameter(text.substr(0, end));
      text.remove_prefix(end + 1);
    }
    return !parameters_.empty();
  }

  absl::string_view keyword() const { return keyword_; }

  bool Has(absl::string_view name) const { return Find(name) != nullptr; }

  // Returns the text of a parameter; empty if there is none.
  std::string Text(absl::string_view name) const {
    const absl::string_view* value = Find(name);
    if (value == nullptr) return "";
    const std::string text = MakeValidUtf8(*value);
    return std::string(TruncateUtf8(text, kMaxTextBytes));
  }

 private:
  // As in Wireshark, a brace within a value isn't followed by the next
  // parameter, a blank or the line's end.
  static size_t EndOfParameter(absl::string_view text) {
    for (size_t end = text.find('}'); end != absl::string_view::npos;
         end = text.find('}', end + 1)) {
      if (end + 1 == text.size() || text[end + 1] == '{' ||
          absl::ascii_isspace(static_cast<unsigned char>(text[end + 1]))) {
        return end;
      }
    }
    return absl::string_view::npos;
  }

  void AddParameter(absl::string_view text) {
    const size_t equals = text.find('=');
    if (equals == absl::string_view::npos) return;
    parameters_.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }

  const absl::string_view* Find(absl::string_view name) const {
    for (const auto& [key, value] : parameters_) {
      if (key == name) return &value;
    }
    return nullptr;
  }

  absl::string_view keyword_;
  std::vector<std::pair<absl::string_view, absl::string_view>> parameters_;
};

// Returns the lines that have one of the keywords.
std::vector<Line> LinesOf(absl::string_view out) {
  std::vector<Line> lines;
  for (const absl::string_view text : absl::StrSplit(out, '\n')) {
    Line line;
    if (line.Parse(text)) lines.push_back(std::move(line));
  }
  return lines;
}

std::string WithoutDashes(absl::string_view call) {
  while (absl::ConsumePrefix(&call, "-")) {
  }
  return std::string(call);
}

// Whether an argument names a program of this machine, such as sshdump's
// proxycommand. Those of other machines begin with "remote".
bool NamesProgram(absl::string_view name) {
  return absl::StrContains(name, "command") &&
         !absl::StartsWith(name, "remote");
}

// Parses `1,65535`.
void ParseRange(absl::string_view text, ExtcapArgument* argument) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(text, absl::MaxSplits(',', 1));
  double minimum = 0;
  double maximum = 0;
  if (!absl::SimpleAtod(parts.first, &minimum) ||
      !absl::SimpleAtod(parts.second, &maximum)) {
    return;
  }
  argument->minimum = minimum;
  argument->maximum = maximum;
}

ExtcapArgument ToArgument(const Line& line) {
  ExtcapArgument argument;
  argument.call = line.Text("call");
  argument.passed_default = line.Text("default");
  ParseRange(line.Text("range"), &argument);
  v1::ExtcapArgument& description = argument.description;
  description.set_name(WithoutDashes(argument.call));
  description.set_display_name(line.Text("display"));
  description.set_tooltip(line.Text("tooltip"));
  description.set_type(absl::AsciiStrToLower(line.Text("type")));
  description.set_group(line.Text("group"));
  description.set_required(IsExtcapTrue(line.Text("required")));
  description.set_refused(description.type() == kFileType ||
                          NamesProgram(description.name()));
  description.set_default_value(argument.passed_default);
  if (description.type() == kFlagType) {
    description.set_default_value(
        IsExtcapTrue(argument.passed_default) ? "true" : "false");
  }
  return argument;
}

void AddValue(const Line& line, v1::ExtcapArgument* argument) {
  v1::ExtcapValue* value = argument->add_values();
  value->set_value(line.Text("value"));
  value->set_display_name(line.Text("display"));
  if (argument->default_value().empty() && IsExtcapTrue(line.Text("default"))) {
    argument->set_default_value(value->value());
  }
}

// Whether the argument can be given on a command line by a name of its own.
bool IsUsable(const ExtcapArgument& argument,
              const std::vector<ExtcapArgument>& others) {
  const std::string& name = argument.description.name();
  return absl::StartsWith(argument.call, "-") && !name.empty() &&
         !absl::StartsWith(name, "extcap-") && name != "capture" &&
         name != "fifo" &&
         std::none_of(others.begin(), others.end(),
                      [&name](const ExtcapArgument& other) {
                        return other.description.name() == name;
                      });
}

}  // namespace

std::vector<ExtcapInterface> ParseExtcapInterfaces(absl::string_view out) {
  std::vector<ExtcapInterface> interfaces;
  for (const Line& line : LinesOf(out)) {
    if (line.keyword() != "interface" || line.Text("value").empty()) continue;
    interfaces.push_back({line.Text("value"), line.Text("display")});
  }
  return interfaces;
}

std::vector<v1::LinkType> ParseExtcapLinkTypes(absl::string_view out) {
  std::vector<v1::LinkType> types;
  for (const Line& line : LinesOf(out)) {
    int32_t number = 0;
    if (line.keyword() != "dlt" ||
        !absl::SimpleAtoi(line.Text("number"), &number)) {
      continue;
    }
    v1::LinkType& type = types.emplace_back();
    type.set_number(number);
    type.set_name(line.Text("name"));
    type.set_description(line.Text("display"));
  }
  return types;
}

std::vector<ExtcapArgument> ParseExtcapArguments(absl::string_view out) {
  std::vector<ExtcapArgument> arguments;
  // The indexes of the arguments by their numbers, as texts.
  std::map<std::string, size_t> indexes;
  for (const Line& line : LinesOf(out)) {
    if (line.keyword() == "arg" && arguments.size() < kMaxExtcapArguments) {
      ExtcapArgument argument = ToArgument(line);
      if (!IsUsable(argument, arguments)) continue;
      indexes.emplace(line.Text("number"), arguments.size());
      arguments.push_back(std::move(argument));
    } else if (line.keyword() == "value" && line.Has("value")) {
      const auto index = indexes.find(line.Text("arg"));
      if (index != indexes.end()) {
        AddValue(line, &arguments[index->second].description);
      }
    }
  }
  return arguments;
}

}  // namespace dissectd::server
