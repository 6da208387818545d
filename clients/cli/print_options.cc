// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/print_options.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "clients/cli/color_terminal.h"
#include "clients/cli/dissection_options.h"
#include "clients/cli/error_text.h"
#include "clients/cli/field_style.h"
#include "clients/cli/key_options.h"
#include "clients/cli/lua_options.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/small_file.h"
#include "clients/cli/status_macros.h"
#include "clients/cli/utf8.h"

namespace dissectd::cli {
namespace {

constexpr absl::string_view kTsharkTypes =
    "text|tabs|fields|json|jsonraw|ek|pdml|psml";
constexpr absl::string_view kTypes =
    "text|tabs|fields|json|jsonraw|ek|pdml|psml|none";
constexpr char kShowHiddenPreference[] = "protocols.display_hidden_proto_items";

absl::StatusOr<OutputType> ParseOutputType(absl::string_view text,
                                           bool as_tshark) {
  if (text == "text") return OutputType::kText;
  if (text == "tabs") return OutputType::kTabs;
  if (text == "fields") return OutputType::kFields;
  if (text == "json") return OutputType::kJson;
  if (text == "jsonraw") return OutputType::kJsonRaw;
  if (text == "ek") return OutputType::kEk;
  if (text == "pdml") return OutputType::kPdml;
  if (text == "psml") return OutputType::kPsml;
  if (text == "none" && !as_tshark) return OutputType::kNone;
  if (text == "ps") {
    return absl::InvalidArgumentError(
        "-T ps is not supported; \"text\" has the same content");
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "Invalid -T parameter \"", text,
      "\"; it must be one of: ", as_tshark ? kTsharkTypes : kTypes));
}

// Reads files of host names. Of two names of an address, the later counts.
// tshark doesn't say why a file can't be read.
absl::Status ReadHosts(const std::vector<std::string>& paths,
                       std::string* hosts) {
  for (const std::string& path : paths) {
    const absl::StatusOr<std::string> content =
        ReadSmallFile(path, "host entries",
                      kMaxSentBytes - std::min(hosts->size(), kMaxSentBytes));
    if (!content.ok() || content->empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("Can't read host entries from \"", path, "\""));
    }
    // The last line of a file may lack its end.
    absl::StrAppend(hosts, hosts->empty() ? "" : "\n", *content);
  }
  return absl::OkStatus();
}

absl::Status ApplyHexDump(const std::string& text, HexDumpStyle* style) {
  if (text == "all") {
    style->first_source_only = false;
  } else if (text == "frames") {
    style->first_source_only = true;
  } else if (text == "ascii") {
    style->text = HexDumpStyle::Text::kInclude;
  } else if (text == "delimit") {
    style->text = HexDumpStyle::Text::kDelimit;
  } else if (text == "noascii") {
    style->text = HexDumpStyle::Text::kExclude;
  } else {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", text,
                     "\" is an invalid value for --hexdump; it must be one "
                     "of: all|frames|ascii|delimit|noascii"));
  }
  return absl::OkStatus();
}

// Decides which parts of each frame are printed, as tshark does.
absl::Status CheckOutput(const CLI::App& command, const RawPrintOptions& raw,
                         bool print_by_default, PrintOptions* options) {
  ASSIGN_OR_RETURN(options->type,
                   ParseOutputType(raw.output_type, raw.as_tshark));
  for (const std::string& text : raw.hex_dump) {
    RETURN_IF_ERROR(ApplyHexDump(text, &options->dump));
  }
  options->only_some_protocols = IsGiven(command, "-O");
  options->only_protocols =
      absl::StrSplit(raw.only_protocols, ',', absl::SkipEmpty());
  options->details = raw.details || options->only_some_protocols;
  options->bytes = raw.bytes || !raw.hex_dump.empty();
  options->print = (print_by_default && !raw.quiet && !raw.very_quiet) ||
                   raw.summary || options->details || options->bytes ||
                   IsGiven(command, "-T");
  options->summary = raw.summary || (!options->details && !options->bytes);
  switch (options->type) {
    case OutputType::kText:
    case OutputType::kTabs:
      break;
    case OutputType::kNone:
      // Prints only what other options ask for.
      options->summary = raw.summary;
      break;
    case OutputType::kEk:
      // Prints columns, and then details, only if asked to.
      options->summary = raw.summary;
      options->details |= !raw.summary;
      break;
    case OutputType::kPsml:
      options->summary = true;
      options->details = false;
      break;
    case OutputType::kFields:
    case OutputType::kPdml:
    case OutputType::kJson:
    case OutputType::kJsonRaw:
      options->summary = false;
      options->details = true;
      break;
  }
  if (options->bytes && (options->type == OutputType::kPsml ||
                         options->type == OutputType::kPdml ||
                         options->type == OutputType::kFields)) {
    return absl::InvalidArgumentError(
        "Raw packet hex data can only be printed as text, JSON, JSONRAW or "
        "EK JSON");
  }
  options->merge_duplicate_keys = raw.no_duplicate_keys;
  if (raw.no_duplicate_keys && options->type != OutputType::kJson &&
      options->type != OutputType::kJsonRaw) {
    return absl::InvalidArgumentError(
        "--no-duplicate-keys can only be used with \"-T json\" and \"-T "
        "jsonraw\"");
  }
  options->line_buffered = raw.line_buffered;
  options->color = raw.color;
  options->color_terminal = raw.color && IsColorTerminal() &&
                            (options->type == OutputType::kText ||
                             options->type == OutputType::kTabs);
  options->separator = raw.separator;
  return absl::OkStatus();
}

absl::Status CheckFields(const RawPrintOptions& raw, PrintOptions* options) {
  for (const std::string& option : raw.field_options) {
    RETURN_IF_ERROR(ApplyFieldOption(option, &options->fields_style));
  }
  options->fields = raw.fields;
  switch (options->type) {
    case OutputType::kText:
    case OutputType::kTabs:
    case OutputType::kJsonRaw:
    case OutputType::kPsml:
      if (!raw.fields.empty() && options->type != OutputType::kPsml) {
        return absl::InvalidArgumentError(
            "Output fields were specified with \"-e\", but \"-Tek, -Tfields, "
            "-Tjson or -Tpdml\" was not specified.");
      }
      options->fields.clear();
      break;
    case OutputType::kFields:
      if (raw.fields.empty()) {
        return absl::InvalidArgumentError(
            "\"-Tfields\" was specified, but no fields were specified with "
            "\"-e\".");
      }
      break;
    default:
      break;
  }
  return absl::OkStatus();
}

void CheckProtocolFilter(const CLI::App& command, const RawPrintOptions& raw,
                         PrintOptions* options) {
  const std::string last = LastOf(command, "-j", "-J");
  if (last.empty()) return;
  for (size_t given = command.get_option("-j")->count() +
                      command.get_option("-J")->count();
       given > 1; --given) {
    PrintError(
        "-j or -J was already specified. Overwriting previous protocol "
        "filter.");
  }
  options->protocol_filter.active = true;
  options->protocol_filter.include_children = last == "-J";
  const std::string& names =
      last == "-J" ? raw.deep_filter : raw.shallow_filter;
  options->protocol_filter.names =
      absl::StrSplit(names, ' ', absl::SkipEmpty());
}

}  // namespace

absl::Status CheckTimeOptions(const CLI::App& command,
                              const RawPrintOptions& raw,
                              v1::DissectionOptions* dissection) {
  if (IsGiven(command, "-t")) {
    ASSIGN_OR_RETURN(const v1::TimestampType type,
                     ParseTimestampType(raw.timestamp_type));
    dissection->mutable_timestamp_format()->set_type(type);
  }
  if (IsGiven(command, "-u")) {
    ASSIGN_OR_RETURN(const v1::SecondsType type,
                     ParseSecondsType(raw.seconds_type));
    dissection->mutable_timestamp_format()->set_seconds_type(type);
  }
  return absl::OkStatus();
}

absl::Status CheckProcessingOptions(const CLI::App& command,
                                    const RawPrintOptions& raw,
                                    PrintOptions* options) {
  options->as_tshark = raw.as_tshark;
  options->display_filter = raw.display_filter;
  v1::DissectionOptions& dissection = options->dissection;
  for (const std::string& letters : raw.resolve) {
    ASSIGN_OR_RETURN(*dissection.mutable_name_resolution(),
                     ParseNameResolution(letters));
  }
  if (LastOf(command, "-n", "-N") == "-n") {
    dissection.mutable_name_resolution()->Clear();
  }
  for (const std::string& text : raw.preferences) {
    ASSIGN_OR_RETURN(v1::PreferenceSetting preference, ParsePreference(text));
    if (preference.name() == kShowHiddenPreference) {
      options->show_hidden = absl::EqualsIgnoreCase(preference.value(), "true");
    }
    *dissection.add_preferences() = std::move(preference);
  }
  for (const std::string& text : raw.decode_as) {
    ASSIGN_OR_RETURN(*dissection.add_decode_as(), ParseDecodeAs(text));
  }
  for (const std::string& name : raw.enabled_protocols) {
    dissection.add_enabled_protocols(name);
  }
  for (const std::string& name : raw.disabled_protocols) {
    dissection.add_disabled_protocols(name);
  }
  for (const std::string& name : raw.enabled_heuristics) {
    dissection.add_enabled_heuristics(name);
  }
  for (const std::string& name : raw.disabled_heuristics) {
    dissection.add_disabled_heuristics(name);
  }
  RETURN_IF_ERROR(ReadHosts(raw.hosts_files, dissection.mutable_hosts()));
  RETURN_IF_ERROR(ReadKeys(raw.keys, options->missing_keys(), &dissection));
  RETURN_IF_ERROR(
      ReadLuaScripts(raw.extensions, options->missing_keys(), &dissection));
  dissection.set_profile(raw.profile);
  std::string zone = ReplaceInvalidUtf8(LocalTimeZone());
  // The C library, and so tshark, takes an unknown zone for UTC.
  if (raw.as_tshark && !MayBeTimeZone(zone)) zone = "UTC";
  dissection.set_time_zone(zone);
  return absl::OkStatus();
}

absl::Status CheckFormatOptions(const CLI::App& command,
                                const RawPrintOptions& raw,
                                bool print_by_default, PrintOptions* options) {
  RETURN_IF_ERROR(CheckOutput(command, raw, print_by_default, options));
  RETURN_IF_ERROR(CheckFields(raw, options));
  CheckProtocolFilter(command, raw, options);
  return absl::OkStatus();
}

absl::Status CheckPrintOptions(const CLI::App& command,
                               const RawPrintOptions& raw,
                               bool print_by_default, PrintOptions* options) {
  RETURN_IF_ERROR(CheckFormatOptions(command, raw, print_by_default, options));
  RETURN_IF_ERROR(CheckTimeOptions(command, raw, &options->dissection));
  return CheckProcessingOptions(command, raw, options);
}

}  // namespace dissectd::cli
