// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/write_error.h"

#include <cerrno>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/base/error.h"

namespace dissectd::engine {
namespace {

absl::Status StoreFull() {
  return MakeError(absl::StatusCode::kResourceExhausted,
                   "There is no space left on the store's file system.",
                   {"STORE_FULL", {}, {}});
}

std::string WithDetails(std::string message, const WtapError& error) {
  if (error.info != nullptr) {
    absl::StrAppend(&message, "\n(", error.info.get(), ")");
  }
  return message;
}

// Returns a message for an error that tshark has no specific text for.
std::string OtherMessage(absl::string_view what, const WtapError& error) {
  return WithDetails(absl::StrCat("The capture can't be ", what, ": ",
                                  wtap_strerror(error.code), "."),
                     error);
}

// Returns whether the capture could be written with another file type.
bool IsTypesFault(int code) {
  switch (code) {
    case WTAP_ERR_UNWRITABLE_FILE_TYPE:
    case WTAP_ERR_UNWRITABLE_ENCAP:
    case WTAP_ERR_ENCAP_PER_PACKET_UNSUPPORTED:
    case WTAP_ERR_COMPRESSION_NOT_SUPPORTED:
    case WTAP_ERR_PACKET_TOO_LARGE:
    case WTAP_ERR_UNWRITABLE_REC_TYPE:
    case WTAP_ERR_UNWRITABLE_REC_DATA:
    case WTAP_ERR_CANT_WRITE_TO_PIPE:
      return true;
    default:
      return false;
  }
}

absl::Status MakeWriteError(const WtapError& error, const std::string& message,
                            ErrorInfo info, absl::string_view file_type) {
  if (error.code == ENOSPC || error.code == EDQUOT) return StoreFull();
  info.reason = WtapErrorReason(error);
  info.metadata.emplace_back("file_type", file_type);
  return MakeError(IsTypesFault(error.code)
                       ? absl::StatusCode::kFailedPrecondition
                       : absl::StatusCode::kInternal,
                   message, info);
}

}  // namespace

absl::Status WriteBeginError(const WtapError& error,
                             absl::string_view file_type) {
  std::string message;
  switch (error.code) {
    case WTAP_ERR_UNWRITABLE_FILE_TYPE:
      message =
          "dissectd doesn't support writing capture files in that format.";
      break;
    case WTAP_ERR_UNWRITABLE_ENCAP:
    case WTAP_ERR_ENCAP_PER_PACKET_UNSUPPORTED:
      message =
          absl::StrCat("The capture file being read can't be written as a \"",
                       file_type, "\" file.");
      break;
    case WTAP_ERR_COMPRESSION_NOT_SUPPORTED:
      message = "This file type cannot be written as a compressed file.";
      break;
    default:
      message = OtherMessage("begun", error);
  }
  return MakeWriteError(error, message, {}, file_type);
}

absl::Status WriteError(const WtapError& error, absl::string_view source,
                        uint32_t frame, absl::string_view file_type) {
  const std::string which =
      absl::StrCat(" ", frame, " of file \"", source, "\" ");
  const std::string in_type = absl::StrCat(" in a \"", file_type, "\" file.");
  std::string message;
  switch (error.code) {
    case WTAP_ERR_UNWRITABLE_ENCAP:
      message = absl::StrCat("Frame", which,
                             "has a network type that can't be saved", in_type);
      break;
    case WTAP_ERR_PACKET_TOO_LARGE:
      message = absl::StrCat("Frame", which, "is larger than dissectd supports",
                             in_type);
      break;
    case WTAP_ERR_UNWRITABLE_REC_TYPE:
      message = absl::StrCat("Record", which,
                             "has a record type that can't be saved", in_type);
      break;
    case WTAP_ERR_UNWRITABLE_REC_DATA:
      message =
          WithDetails(absl::StrCat("Record", which,
                                   "has data that can't be saved", in_type),
                      error);
      break;
    default:
      message = OtherMessage("written", error);
  }
  ErrorInfo info;
  info.metadata = {{"file", std::string(source)},
                   {"frame", absl::StrCat(frame)}};
  return MakeWriteError(error, message, std::move(info), file_type);
}

absl::Status WriteEndError(const WtapError& error,
                           absl::string_view file_type) {
  return MakeWriteError(error, OtherMessage("completed", error), {}, file_type);
}

}  // namespace dissectd::engine
