// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/capture_lists.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/base/paging.h"
#include "core/base/status_macros.h"

namespace dissectd::server {
namespace {

// gRPC's clients accept 4 MiB by default.
constexpr size_t kMaxPageBytes = 1 << 20;

// Returns whether another item of this size fits on the page.
bool HasRoom(int items, size_t page_size, size_t page_bytes,
             size_t item_bytes) {
  if (items == 0) return true;
  return static_cast<size_t>(items) < page_size &&
         page_bytes + item_bytes <= kMaxPageBytes;
}

// Orders captures by their creation. All numbers have the same width, as the
// keys are compared as texts.
std::string OrderOf(const v1::Capture& capture) {
  return absl::StrFormat("%020d.%09d %s", capture.create_time().seconds(),
                         capture.create_time().nanos(), capture.name());
}

bool IsWanted(const v1::Capture& capture,
              const v1::ListCapturesRequest& request) {
  return request.states().empty() ||
         std::find(request.states().begin(), request.states().end(),
                   capture.state()) != request.states().end();
}

// Returns the part that all tokens of a list have in common.
std::string QuestionOf(const v1::ListCapturesRequest& request) {
  std::string question = "captures";
  for (const int state : request.states()) {
    absl::StrAppend(&question, " ", state);
  }
  return question;
}

}  // namespace

absl::Status ListCaptures(const std::vector<const v1::Capture*>& captures,
                          const v1::ListCapturesRequest& request,
                          v1::ListCapturesResponse* response) {
  const std::string question = QuestionOf(request);
  ASSIGN_OR_RETURN(const size_t page_size, PageSize(request.page_size()));
  ASSIGN_OR_RETURN(const std::string after,
                   ParsePageToken(question, request.page_token()));
  std::map<std::string, const v1::Capture*> in_order;
  for (const v1::Capture* capture : captures) {
    if (IsWanted(*capture, request)) in_order[OrderOf(*capture)] = capture;
  }
  size_t bytes = 0;
  std::string last;
  for (auto next = in_order.upper_bound(after); next != in_order.end();
       ++next) {
    const size_t size = next->second->ByteSizeLong();
    if (!HasRoom(response->captures_size(), page_size, bytes, size)) {
      response->set_next_page_token(MakePageToken(question, last));
      break;
    }
    bytes += size;
    *response->add_captures() = *next->second;
    last = next->first;
  }
  return absl::OkStatus();
}

absl::Status ListCaptureFiles(const CaptureHistory& history,
                              const v1::ListCaptureFilesRequest& request,
                              v1::ListCaptureFilesResponse* response) {
  const std::string question = absl::StrCat("files of ", request.name());
  ASSIGN_OR_RETURN(const size_t page_size, PageSize(request.page_size()));
  ASSIGN_OR_RETURN(const std::string token,
                   ParsePageToken(question, request.page_token()));
  // The number of the next file, counted from the first that was opened.
  uint64_t next = 0;
  if (!token.empty() && !absl::SimpleAtoi(token, &next)) {
    return PageTokenInvalid();
  }
  const uint64_t deleted = history.description().files_deleted();
  size_t bytes = 0;
  for (next = std::max(next, deleted); next < history.files_opened(); ++next) {
    const v1::CaptureFile& file = history.files()[next - deleted];
    const size_t size = file.ByteSizeLong();
    if (!HasRoom(response->files_size(), page_size, bytes, size)) {
      response->set_next_page_token(
          MakePageToken(question, absl::StrCat(next)));
      break;
    }
    bytes += size;
    *response->add_files() = file;
  }
  return absl::OkStatus();
}

}  // namespace dissectd::server
