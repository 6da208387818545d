// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/tshark/plan.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "clients/cli/glossary_command.h"
#include "clients/cli/local_file.h"
#include "clients/cli/number_options.h"
#include "clients/cli/status_macros.h"
#include "clients/cli/tshark/arguments.h"
#include "clients/cli/tshark/help.h"
#include "clients/cli/tshark/translation.h"

namespace dissectd::cli::tshark {
namespace {

constexpr char kFilesAlthoughReading[] =
    "Multiple capture files requested, but a capture isn't being done.";
constexpr char kReadFormat[] = "read_format:";
constexpr char kFileSize[] = "filesize:";

absl::Status Wrong(absl::string_view message) {
  return absl::InvalidArgumentError(message);
}

absl::Status Refuse(int option, absl::string_view reason) {
  return Wrong(
      absl::StrCat(OptionText(option), " isn't supported: ", reason, "."));
}

// Refuses what the daemon doesn't offer.
absl::Status CheckSupport(const GivenOption& given) {
  switch (given.option) {
    case 'U':
      return Refuse(given.option, "dissectd can't export that yet");
    case kLogLevel:
    case kLogFatal:
    case kLogDomains:
    case kLogDebug:
    case kLogNoisy:
    case kLogFile:
      return Refuse(given.option, "libwireshark's log is in the daemon's log");
    case kSelectedFrame:
      return Refuse(given.option, "tshark doesn't document it");
    default:
      return absl::OkStatus();
  }
}

absl::Status CheckTemporaryFolder(const std::string& path) {
  struct stat status;
  std::string why;
  if (stat(path.c_str(), &status) != 0) {
    why = std::strerror(errno);
  } else if (!S_ISDIR(status.st_mode)) {
    why = "not a directory";
  } else {
    return absl::OkStatus();
  }
  return Wrong(absl::StrCat("Can't set temporary directory ", path, ": ", why));
}

// Checks a value that dissectctl gets in captures only, or not at all.
absl::Status CheckValue(const GivenOption& given) {
  switch (given.option) {
    case 's':
      return ParseNatural("snapshot length", given.value).status();
    case 'B':
      return ParsePositive("buffer size", given.value).status();
    case 'b':
      if (const size_t colon = given.value.find(':');
          colon == std::string::npos || colon + 1 == given.value.size()) {
        return Wrong(
            absl::StrCat("Invalid or unknown -b arg \"", given.value, "\""));
      }
      return absl::OkStatus();
    case kCompressType:
      if (given.value != "none" && given.value != "gzip") {
        return Wrong("parameter of --compress-type can be 'none' or 'gzip'");
      }
      return absl::OkStatus();
    case kTempDir:
      return CheckTemporaryFolder(given.value);
    case 'i':
      if (given.value.empty()) {
        return Wrong("There is no interface with that adapter index");
      }
      return absl::OkStatus();
    case 'y':
      if (given.value.empty()) {
        return Wrong("The specified data link type \"\" isn't valid");
      }
      return absl::OkStatus();
    default:
      return absl::OkStatus();
  }
}

// Checks a stop condition when a file is read.
absl::Status CheckStopOfReading(const std::string& text) {
  const size_t colon = text.find(':');
  const std::string key = text.substr(0, colon);
  if (colon == std::string::npos || colon + 1 == text.size()) {
    return Wrong(absl::StrCat("Invalid or unknown -a flag \"", text, "\""));
  }
  if (key == "packets") {
    return ParsePositive("packet write count", text.substr(colon + 1)).status();
  }
  if (key == "files") return Wrong(kFilesAlthoughReading);
  if (key == "duration") {
    return Wrong(
        "A maximum capture time was specified, but a capture isn't being "
        "done.");
  }
  if (key == "filesize") return Refuse('a', "a file is read to its end");
  return Wrong(absl::StrCat("Invalid or unknown -a flag \"", key, "\""));
}

// Whether an option of one of the letters has a value that begins so.
bool HasPart(const Arguments& arguments, absl::string_view letters,
             absl::string_view begin) {
  return std::any_of(arguments.options.begin(), arguments.options.end(),
                     [letters, begin](const GivenOption& given) {
                       return given.option < kListTimestampTypes &&
                              absl::StrContains(
                                  letters, static_cast<char>(given.option)) &&
                              absl::StartsWith(given.value, begin);
                     });
}

// Whether something is asked about the capture as a whole.
bool IsAnalyzed(const Arguments& arguments) {
  return arguments.Has('z') || arguments.Has(kExportObjects) ||
         arguments.Has(kExportTlsSessionKeys);
}

absl::Status CheckReading(const Arguments& arguments) {
  for (const GivenOption& given : arguments.options) {
    switch (given.option) {
      case 'a':
        RETURN_IF_ERROR(CheckStopOfReading(given.value));
        break;
      case 'b':
        return Wrong(kFilesAlthoughReading);
      case 'f':
        return Wrong(
            "Only read filters, not capture filters, can be specified when "
            "reading a capture file.");
      case 'L':
        return Wrong("You can't specify -L and a capture file to be read.");
      case kListTimestampTypes:
        return Wrong(
            "You can't specify --list-time-stamp-types and a capture file to "
            "be read.");
      case 'X':
        if (given.value == kReadFormat) {
          return Wrong("\"\" isn't a valid read file format type");
        }
        break;
      case 'M':
        return Refuse('M', "only captures can discard state");
      default:
        break;
    }
  }
  if (IsAnalyzed(arguments) && HasPart(arguments, "a", "packets:")) {
    return Refuse('a', "reports are about all frames that are read; use -c");
  }
  if (arguments.Has(kCaptureComment) && !arguments.Has('w')) {
    return Wrong(
        "Capture comments were specified, but you aren't writing a capture "
        "file.");
  }
  return absl::OkStatus();
}

// Checks how a capture with many files names and ends them.
absl::Status CheckCaptureFiles(const Arguments& arguments) {
  for (const char* key : {"printname:", "nametimenum:"}) {
    if (HasPart(arguments, "b", key)) {
      return Refuse('b', absl::StrCat(key, " isn't offered yet"));
    }
  }
  if (arguments.Has('b')) return absl::OkStatus();
  if (HasPart(arguments, "a", kFileSize)) {
    return Refuse('a', "files: needs -b");
  }
  return Wrong(
      "Multiple capture files requested, but no maximum capture file size, "
      "duration, interval or packets were specified.");
}

// Checks where the files of a capture go.
absl::Status CheckCaptureOutput(const Arguments& arguments) {
  const bool has_output = arguments.Has('w');
  const bool has_files =
      arguments.Has('b') || HasPart(arguments, "a", "files:");
  if (HasPart(arguments, "ab", kFileSize) && !has_output) {
    return Wrong(
        "Maximum capture file size specified, but capture isn't being saved to "
        "a file.");
  }
  if (has_files && !has_output) {
    return Wrong(
        "Multiple capture files requested, but the capture isn't being saved "
        "to a file.");
  }
  if (has_files && arguments.Last('w') == "-") {
    return Wrong(
        "Multiple capture files requested, but the capture is being written to "
        "the standard output.");
  }
  if (has_files) RETURN_IF_ERROR(CheckCaptureFiles(arguments));
  if (arguments.Has(kCaptureComment) && !has_output) {
    return Wrong(
        "Capture comments were specified, but the capture isn't being saved to "
        "a file.");
  }
  if (has_output && arguments.Last('w').empty()) {
    return Wrong(
        "The file to which the capture would be saved (\"\") could not be "
        "opened: No such file or directory.");
  }
  return absl::OkStatus();
}

// Whether frames are printed although they are written to a file.
bool PrintsAlthoughWriting(const Arguments& arguments) {
  for (const int option :
       {int{'P'}, int{'V'}, int{'O'}, int{'x'}, int{'T'}, int{kHexDump}}) {
    if (arguments.Has(option)) return true;
  }
  return false;
}

absl::Status PlanReading(const Arguments& arguments, Plan* plan) {
  const std::string file = arguments.Last('r');
  RETURN_IF_ERROR(CheckReading(arguments));
  if (!arguments.Has('w')) {
    plan->commands.push_back(ReadCommand(arguments, file, /*prints=*/true));
    return absl::OkStatus();
  }
  const bool prints = PrintsAlthoughWriting(arguments);
  const bool read_follows = prints || IsAnalyzed(arguments);
  plan->commands.push_back(WriteCommand(arguments, file, read_follows));
  if (!read_follows) return absl::OkStatus();
  if (IsLocalPipe(file)) {
    return Refuse('w', "what comes from a pipe can't be written and printed");
  }
  plan->commands.push_back(ReadCommand(arguments, file, prints));
  return absl::OkStatus();
}

absl::Status PlanWork(const Arguments& arguments, Plan* plan) {
  const auto is_type = [](const GivenOption& given) {
    return given.option == 'T';
  };
  if (std::count_if(arguments.options.begin(), arguments.options.end(),
                    is_type) > 1) {
    return Wrong("Multiple -T parameters are unsupported");
  }
  if (arguments.Last('w') == "-" && PrintsAlthoughWriting(arguments)) {
    return Wrong(
        "You can't write both raw packet data and dissected packets to the "
        "standard output.");
  }
  if (arguments.Has('r')) return PlanReading(arguments, plan);
  if (arguments.Has('L') || arguments.Has(kListTimestampTypes)) {
    plan->commands.push_back(InterfacesCommand(arguments));
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(CheckCaptureOutput(arguments));
  plan->commands.push_back(CaptureCommand(arguments));
  return absl::OkStatus();
}

// Plans what an option asks for that ends the program: `done` says whether
// there was one.
absl::Status PlanOption(const GivenOption& given, Plan* plan, bool* done) {
  RETURN_IF_ERROR(CheckSupport(given));
  RETURN_IF_ERROR(CheckValue(given));
  *done = true;
  switch (given.option) {
    case 'h':
      plan->text = HelpText();
      return absl::OkStatus();
    case 'v':
      plan->commands = {{"info", "--tshark-version"}};
      return absl::OkStatus();
    case 'D':
      plan->commands = {{"interfaces"}};
      return absl::OkStatus();
    case 'G':
      return Wrong("-G only valid as first option");
    case kElasticMappingFilter:
      plan->usage = true;
      return Wrong("");
    case 'z':
    case kExportObjects:
      if (given.value == "help") return absl::OkStatus();
      break;
    case kHexDump:
      if (given.value == "help") {
        plan->text = HexDumpHelpText();
        return absl::OkStatus();
      }
      break;
    default:
      break;
  }
  *done = false;
  return absl::OkStatus();
}

// Plans `-G REPORT`. Of the other options, tshark knows those that a report
// depends on, and ignores the rest, also wrong ones.
absl::Status PlanReport(const std::vector<std::string>& words, Plan* plan) {
  const std::string report = words.size() > 1 ? words[1] : "fields";
  if (report == "help" || report == "?") {
    plan->text = ReportHelpText();
    return absl::OkStatus();
  }
  if (!IsGlossaryReport(report)) {
    return Wrong(absl::StrCat("Invalid \"", report,
                              "\" option for -G flag, enter -G help for more "
                              "help."));
  }
  const Arguments arguments = ParseArguments(words);
  if (report == "folders" && arguments.Has('C')) {
    return Refuse('C', "the folders are those of the daemon's profile");
  }
  plan->commands = {ReportCommand(arguments, report)};
  return absl::OkStatus();
}

bool IsNameOfDaemon(const GivenOption& given) {
  return given.option == 'z' || given.option == kExportObjects;
}

absl::Status PlanAll(const std::vector<std::string>& words, Plan* plan) {
  if (!words.empty() && words[0] == "-G") return PlanReport(words, plan);
  const Arguments arguments = ParseArguments(words);
  // The daemon knows the names of reports.
  std::vector<GivenOption> names;
  bool done = false;
  for (const GivenOption& given : arguments.options) {
    RETURN_IF_ERROR(PlanOption(given, plan, &done));
    if (IsNameOfDaemon(given)) names.push_back(given);
    if (done) break;
  }
  if (!done && !arguments.error.empty()) {
    plan->usage = true;
    return Wrong(arguments.error);
  }
  if (!done) RETURN_IF_ERROR(PlanWork(arguments, plan));
  if (!names.empty()) {
    plan->commands.insert(plan->commands.begin(), ReportsCommand(names));
  }
  return absl::OkStatus();
}

}  // namespace

Plan MakePlan(const std::vector<std::string>& arguments) {
  Plan plan;
  const absl::Status status = PlanAll(arguments, &plan);
  if (!status.ok()) {
    plan.commands.clear();
    plan.error = std::string(status.message());
    plan.wrong = true;
  }
  return plan;
}

}  // namespace dissectd::cli::tshark
