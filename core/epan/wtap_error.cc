// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/wtap_error.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/error.h"

namespace dissectd::engine {
namespace {

// wiretap has no code of its own for an encapsulation that it does not know;
// all its readers name it so in the details.
bool IsUnknownEncapsulation(const WtapError& error) {
  return error.code == WTAP_ERR_UNSUPPORTED && error.info != nullptr &&
         absl::StrContains(error.info.get(), "network type") &&
         absl::StrContains(error.info.get(), "unknown or unsupported");
}

// Appends the details, which wiretap gives with most of these errors.
std::string WithInfo(const std::string& message, const WtapError& error) {
  return absl::StrCat(
      message, "(",
      error.info == nullptr ? "no information supplied" : error.info.get(),
      ")");
}

std::string OpenErrorMessage(const WtapError& error, absl::string_view file) {
  const std::string the_file = absl::StrCat("The file \"", file, "\" ");
  switch (error.code) {
    case WTAP_ERR_NOT_REGULAR_FILE:
      return the_file +
             "is a \"special file\" or socket or other non-regular file.";
    case WTAP_ERR_RANDOM_OPEN_PIPE:
      return the_file +
             "is a pipe or FIFO; dissectd can't read pipe or FIFO files in "
             "two-pass mode.";
    case WTAP_ERR_FILE_UNKNOWN_FORMAT:
      return the_file +
             "isn't a capture file in a format dissectd understands.";
    case WTAP_ERR_UNSUPPORTED:
      return WithInfo(
          the_file + "contains record data that dissectd doesn't support.\n",
          error);
    case WTAP_ERR_ENCAP_PER_PACKET_UNSUPPORTED:
      return the_file +
             "is a capture for a network type that dissectd doesn't support.";
    case WTAP_ERR_BAD_FILE:
      return WithInfo(the_file + "appears to be damaged or corrupt.\n", error);
    case WTAP_ERR_CANT_OPEN:
      return the_file + "could not be opened for some unknown reason.";
    case WTAP_ERR_SHORT_READ:
      return the_file +
             "appears to have been cut short in the middle of a packet or "
             "other data.";
    // As in tshark, these two are on one line.
    case WTAP_ERR_DECOMPRESS:
      return WithInfo(
          the_file + "cannot be decompressed; it may be damaged or corrupt.",
          error);
    case WTAP_ERR_DECOMPRESSION_NOT_SUPPORTED:
      return WithInfo(the_file +
                          "cannot be decompressed; it is compressed in a way "
                          "that we don't support.",
                      error);
    case WTAP_ERR_INTERNAL:
      return WithInfo(absl::StrCat("An internal error occurred opening the "
                                   "file \"",
                                   file, "\".\n"),
                      error);
    default:
      return absl::StrCat(
          the_file, "could not be opened: ", wtap_strerror(error.code), ".");
  }
}

}  // namespace

std::string WtapErrorReason(const WtapError& error) {
  if (IsUnknownEncapsulation(error)) return "ENCAPSULATION_UNSUPPORTED";
  switch (error.code) {
    case WTAP_ERR_NOT_REGULAR_FILE:
      return "FILE_NOT_REGULAR";
    case WTAP_ERR_RANDOM_OPEN_PIPE:
      return "RANDOM_OPEN_PIPE";
    case WTAP_ERR_RANDOM_OPEN_STDIN:
      return "RANDOM_OPEN_STDIN";
    case WTAP_ERR_CANT_WRITE_TO_PIPE:
      return "FILE_IS_PIPE";
    case WTAP_ERR_CANT_WRITE:
      return "FILE_CANNOT_WRITE";
    case WTAP_ERR_CANT_CLOSE:
      return "FILE_CANNOT_CLOSE";
    case WTAP_ERR_SHORT_WRITE:
      return "FILE_SHORT_WRITE";
    case WTAP_ERR_CHECK_WSLUA:
      return "WIRETAP_CHECK_LUA";
    case WTAP_ERR_FILE_UNKNOWN_FORMAT:
      return "FILE_UNKNOWN_FORMAT";
    case WTAP_ERR_UNSUPPORTED:
      return "FILE_UNSUPPORTED";
    case WTAP_ERR_ENCAP_PER_PACKET_UNSUPPORTED:
      return "ENCAPSULATION_PER_PACKET_UNSUPPORTED";
    case WTAP_ERR_CANT_OPEN:
      return "FILE_CANNOT_OPEN";
    case WTAP_ERR_CANT_SEEK:
      return "FILE_CANNOT_SEEK";
    case WTAP_ERR_CANT_SEEK_COMPRESSED:
      return "FILE_CANNOT_SEEK_COMPRESSED";
    case WTAP_ERR_SHORT_READ:
      return "FILE_CUT_SHORT";
    case WTAP_ERR_BAD_FILE:
      return "FILE_DAMAGED";
    case WTAP_ERR_DECOMPRESS:
      return "DECOMPRESSION_FAILED";
    case WTAP_ERR_DECOMPRESSION_NOT_SUPPORTED:
      return "DECOMPRESSION_UNSUPPORTED";
    case WTAP_ERR_UNC_OVERFLOW:
      return "DECOMPRESSION_OVERFLOW";
    case WTAP_ERR_INTERNAL:
      return "WIRETAP_INTERNAL";
    case WTAP_ERR_UNWRITABLE_FILE_TYPE:
      return "FILE_TYPE_UNWRITABLE";
    case WTAP_ERR_UNWRITABLE_ENCAP:
      return "ENCAPSULATION_UNWRITABLE";
    case WTAP_ERR_COMPRESSION_NOT_SUPPORTED:
      return "COMPRESSION_UNSUPPORTED";
    case WTAP_ERR_PACKET_TOO_LARGE:
      return "PACKET_TOO_LARGE";
    case WTAP_ERR_UNWRITABLE_REC_TYPE:
      return "RECORD_TYPE_UNWRITABLE";
    case WTAP_ERR_UNWRITABLE_REC_DATA:
      return "RECORD_DATA_UNWRITABLE";
    default:
      return error.code > 0 ? "FILE_SYSTEM_ERROR" : "WIRETAP_ERROR";
  }
}

std::string ReadErrorMessage(const WtapError& error, absl::string_view file) {
  const std::string the_file = absl::StrCat("The file \"", file, "\" ");
  switch (error.code) {
    case WTAP_ERR_UNSUPPORTED:
      return WithInfo(
          the_file + "contains record data that dissectd doesn't support.\n",
          error);
    case WTAP_ERR_SHORT_READ:
      return the_file +
             "appears to have been cut short in the middle of a packet.";
    case WTAP_ERR_BAD_FILE:
      return WithInfo(the_file + "appears to be damaged or corrupt.\n", error);
    case WTAP_ERR_DECOMPRESS:
      return WithInfo(
          the_file + "cannot be decompressed; it may be damaged or corrupt.\n",
          error);
    case WTAP_ERR_DECOMPRESSION_NOT_SUPPORTED:
      return WithInfo(the_file +
                          "cannot be decompressed; it is compressed in a way "
                          "that we don't support.\n",
                      error);
    case WTAP_ERR_INTERNAL:
      return WithInfo(absl::StrCat("An internal error occurred while reading "
                                   "the file \"",
                                   file, "\".\n"),
                      error);
    default:
      return absl::StrCat("An error occurred while reading the file \"", file,
                          "\": ", wtap_strerror(error.code), ".");
  }
}

absl::Status OpenErrorStatus(const WtapError& error, absl::string_view file) {
  const bool files_fault = error.code < 0 && error.code != WTAP_ERR_INTERNAL &&
                           error.code != WTAP_ERR_CHECK_WSLUA &&
                           error.code != WTAP_ERR_CANT_OPEN &&
                           error.code != WTAP_ERR_CANT_SEEK;
  return MakeError(files_fault ? absl::StatusCode::kFailedPrecondition
                               : absl::StatusCode::kInternal,
                   OpenErrorMessage(error, file),
                   {WtapErrorReason(error), {{"file", std::string(file)}}, {}});
}

}  // namespace dissectd::engine
