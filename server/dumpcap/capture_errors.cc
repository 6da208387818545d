// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/dumpcap/capture_errors.h"

#include <chrono>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/error.h"
#include "server/dumpcap/capture_capabilities.h"
#include "server/dumpcap/execute_permission.h"
#include "server/process/process_errors.h"

namespace dissectd::server::errors {
namespace {

using Code = absl::StatusCode;

// A program that hangs usually does so for some seconds.
constexpr std::chrono::seconds kRetryDelay(1);

// The known messages of dumpcap, each recognised by a part that no other has.
struct KnownMessage {
  absl::string_view part;
  Code code;
  const char* reason;
};

constexpr KnownMessage kKnownMessages[] = {
    {"There is no device named", Code::kNotFound, "INTERFACE_NOT_FOUND"},
    {"No such device exists", Code::kNotFound, "INTERFACE_NOT_FOUND"},
    {"here are no interfaces on which a capture can be done",
     Code::kFailedPrecondition, "CAPTURE_NOT_PERMITTED"},
    {"ou do not have permission", Code::kFailedPrecondition,
     "CAPTURE_NOT_PERMITTED"},
    {"ou don't have permission", Code::kFailedPrecondition,
     "CAPTURE_NOT_PERMITTED"},
    {"peration not permitted", Code::kFailedPrecondition,
     "CAPTURE_NOT_PERMITTED"},
    {"onitor mode", Code::kFailedPrecondition, "MONITOR_MODE_UNSUPPORTED"},
    {"device is not up", Code::kFailedPrecondition, "INTERFACE_DOWN"},
    {"network went down", Code::kFailedPrecondition, "INTERFACE_DOWN"},
    {"no longer attached", Code::kFailedPrecondition, "INTERFACE_GONE"},
    {"nterface went down", Code::kFailedPrecondition, "INTERFACE_DOWN"},
    {"data link type", Code::kFailedPrecondition, "LINK_TYPE_UNSUPPORTED"},
    {"ime-stamp-type", Code::kInvalidArgument, "CAPTURE_OPTION_INVALID"},
    {"ws80211", Code::kFailedPrecondition, "WIFI_CHANNEL_UNSUPPORTED"},
    {"o space left on device", Code::kResourceExhausted, "STORE_FULL"},
    {"file system is full", Code::kResourceExhausted, "STORE_FULL"},
    {"isk quota", Code::kResourceExhausted, "STORE_FULL"},
    {"no space left on the file system", Code::kResourceExhausted,
     "STORE_FULL"},
    {"Data written to the pipe", Code::kFailedPrecondition,
     "PIPE_DATA_INVALID"},
    {"End of file on pipe", Code::kFailedPrecondition, "PIPE_DATA_INVALID"},
    {"End of file reading from pipe", Code::kFailedPrecondition,
     "PIPE_DATA_INVALID"},
    {" too long (", Code::kFailedPrecondition, "PIPE_DATA_INVALID"},
    {"not pcapng data", Code::kFailedPrecondition, "PIPE_DATA_INVALID"},
    {"pcapng block", Code::kFailedPrecondition, "PIPE_DATA_INVALID"},
    {"block_total_length", Code::kFailedPrecondition, "PIPE_DATA_INVALID"},
    {"could not be opened", Code::kFailedPrecondition,
     "CAPTURE_FILE_NOT_WRITABLE"},
    {"ead-only file system", Code::kFailedPrecondition,
     "CAPTURE_FILE_NOT_WRITABLE"},
};

absl::Status CaptureError(Code code, absl::string_view reason,
                          absl::string_view name, absl::string_view message) {
  return MakeError(code, message,
                   {std::string(reason), {{"capture", std::string(name)}}, {}});
}

std::string Joined(absl::string_view primary, absl::string_view secondary) {
  return secondary.empty() ? std::string(primary)
                           : absl::StrCat(primary, "\n\n", secondary);
}

// Replaces dumpcap's own hint, which is meant for users at a desktop.
std::string WhatToGrant(absl::string_view primary, const std::string& dumpcap) {
  const std::vector<std::string> missing = MissingCaptureCapabilities(dumpcap);
  if (missing.empty()) {
    return absl::StrCat(primary,
                        "\n\ndumpcap has all capabilities that it needs, but "
                        "the server's environment forbids their use.");
  }
  return absl::StrCat(
      primary, "\n\ndumpcap lacks ", absl::StrJoin(missing, " and "),
      missing.size() == 1 ? ". Grant it" : ". Grant them",
      " with: setcap cap_net_raw,cap_net_admin=ep ", dumpcap,
      "; if only a group may run dumpcap, the daemon's user must be a member "
      "of it.");
}

}  // namespace

absl::Status DumpcapNotStarted(const absl::Status& why,
                               absl::string_view program) {
  return IsUnrelatedToProgram(why) ? why : DumpcapMissing(program);
}

absl::Status DumpcapMissing(absl::string_view program) {
  return MakeError(
      Code::kFailedPrecondition,
      absl::StrCat("The server can't run \"", program,
                   "\", which captures packets; name it with "
                   "--dumpcap."),
      {"DUMPCAP_MISSING", {{"program", std::string(program)}}, {}});
}

absl::Status DumpcapNotExecutable(const std::string& path) {
  return MakeError(
      Code::kFailedPrecondition,
      absl::StrCat("The server may not execute \"", path,
                   "\", which captures packets: ", WhyNotExecutable(path)),
      {"CAPTURE_NOT_PERMITTED", {{"program", path}}, {}});
}

absl::Status DumpcapTooOld(absl::string_view version) {
  return MakeError(
      Code::kFailedPrecondition,
      absl::StrCat("dumpcap ", version,
                   " is too old: version 4.0 or later is required."),
      {"DUMPCAP_TOO_OLD", {{"version", std::string(version)}}, {}});
}

absl::Status DumpcapHangs(absl::string_view program) {
  return WithRetryDelay(
      MakeError(Code::kUnavailable,
                absl::StrCat("\"", program, "\" doesn't answer."),
                {"DUMPCAP_HANGS", {{"program", std::string(program)}}, {}}),
      kRetryDelay);
}

absl::Status DumpcapProtocolError(absl::string_view what) {
  return MakeError(Code::kInternal, absl::StrCat("dumpcap sent ", what, "."),
                   {"DUMPCAP_PROTOCOL_ERROR", {}, {}});
}

absl::Status DumpcapFailed(absl::string_view how) {
  return MakeError(Code::kInternal,
                   absl::StrCat("dumpcap ended with ", how, "."),
                   {"DUMPCAP_FAILED", {}, {}});
}

absl::Status DumpcapKeeperLost() {
  return MakeError(Code::kInternal,
                   "capture-keeper, which supervised dumpcap, ended "
                   "unexpectedly, so dumpcap was stopped.",
                   {"DUMPCAP_FAILED", {}, {}});
}

absl::Status DumpcapEndedUnasked() {
  return MakeError(Code::kInternal,
                   "dumpcap ended although no stop condition was met: another "
                   "process has stopped it.",
                   {"DUMPCAP_FAILED", {}, {}});
}

absl::Status DumpcapError(absl::string_view primary,
                          absl::string_view secondary,
                          const std::string& dumpcap) {
  for (const KnownMessage& known : kKnownMessages) {
    if (!absl::StrContains(primary, known.part)) continue;
    const bool not_permitted =
        absl::string_view(known.reason) == "CAPTURE_NOT_PERMITTED";
    return MakeError(known.code,
                     not_permitted ? WhatToGrant(primary, dumpcap)
                                   : Joined(primary, secondary),
                     {known.reason, {}, {}});
  }
  return MakeError(Code::kInternal, Joined(primary, secondary),
                   {"DUMPCAP_FAILED", {}, {}});
}

absl::Status CaptureOptionInvalid(absl::string_view option,
                                  absl::string_view why) {
  return MakeError(
      Code::kInvalidArgument,
      absl::StrCat("The capture option ", option, " ", why, "."),
      {"CAPTURE_OPTION_INVALID", {{"option", std::string(option)}}, {}});
}

absl::Status CaptureFilterInvalid(uint32_t interface_index,
                                  absl::string_view message) {
  return MakeError(
      Code::kInvalidArgument,
      absl::StrCat("The capture filter doesn't compile: ", message),
      {"CAPTURE_FILTER_INVALID",
       {{"interface_index", absl::StrCat(interface_index)}},
       {}});
}

absl::Status InterfaceNotFound(absl::string_view name) {
  return MakeError(
      Code::kNotFound, absl::StrCat("There is no interface \"", name, "\"."),
      {"INTERFACE_NOT_FOUND", {{"interface", std::string(name)}}, {}});
}

absl::Status LinkTypeUnknown(absl::string_view name) {
  return MakeError(
      Code::kInvalidArgument,
      absl::StrCat("libpcap knows no link-layer type \"", name, "\"."),
      {"LINK_TYPE_UNKNOWN", {{"link_type", std::string(name)}}, {}});
}

absl::Status CaptureRunning(absl::string_view name) {
  return CaptureError(
      Code::kFailedPrecondition, "CAPTURE_RUNNING", name,
      absl::StrCat("The capture \"", name, "\" is running; stop it first."));
}

absl::Status CaptureNotFed(absl::string_view name, absl::string_view why) {
  return CaptureError(Code::kFailedPrecondition, "CAPTURE_NOT_FED", name,
                      absl::StrCat("The capture \"", name, "\" ", why, "."));
}

absl::Status CaptureFed(absl::string_view name) {
  return CaptureError(
      Code::kAborted, "CAPTURE_FED", name,
      absl::StrCat("Another call sends the packets of the capture \"", name,
                   "\", or has sent them."));
}

absl::Status CaptureHasNoFile(absl::string_view name) {
  return CaptureError(
      Code::kFailedPrecondition, "CAPTURE_HAS_NO_FILE", name,
      absl::StrCat("The capture \"", name, "\" ended before it had a file."));
}

absl::Status IntervalInvalid() {
  return MakeError(Code::kInvalidArgument,
                   "The interval must be from 100 ms to an hour.",
                   {"INTERVAL_INVALID", {}, {}});
}

absl::Status TooManyCaptures(uint32_t limit) {
  return WithRetryDelay(
      MakeError(Code::kResourceExhausted,
                absl::StrCat("Limit of ", limit,
                             " concurrent captures reached; stop one or retry "
                             "later."),
                {"TOO_MANY_CAPTURES", {{"limit", absl::StrCat(limit)}}, {}}),
      kRetryDelay);
}

}  // namespace dissectd::server::errors
