// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/capture_name.h"

#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "clients/cli/capture_files.h"
#include "clients/cli/error_text.h"
#include "clients/cli/pages.h"
#include "clients/cli/resource_names.h"
#include "clients/cli/similar_names.h"
#include "dissectd/v1/capture.grpc.pb.h"

namespace dissectd::cli {
namespace {

constexpr char kNotFoundReason[] = "CAPTURE_NOT_FOUND";

using ChannelPtr = std::shared_ptr<grpc::Channel>;

// Returns whether a capture has a file whose name ends with `end`.
bool HasFile(const ChannelPtr& channel, const v1::Capture& capture,
             absl::string_view end) {
  if (absl::EndsWith(capture.current_file().file(), end)) return true;
  if (capture.file_count() < 2) return false;
  bool found = false;
  const grpc::Status listed = ForEachCaptureFile(
      channel, capture.name(), [&found, end](const v1::CaptureFile& file) {
        found = found || absl::EndsWith(file.file(), end);
      });
  return listed.ok() && found;
}

// Returns the resource names of the captures that a short name can mean; none
// if they can't be listed.
std::vector<std::string> FindByShortName(const ChannelPtr& channel,
                                         absl::string_view name) {
  const std::string start = CaptureResourceName(name);
  absl::ConsumePrefix(&name, "files/");
  const std::string end = absl::StrCat("/", name);
  std::vector<std::string> found;
  const auto stub = v1::CaptureService::NewStub(channel);
  const grpc::Status listed = ForEachPage(
      stub.get(), &v1::CaptureService::Stub::ListCaptures,
      v1::ListCapturesRequest(), [&](const v1::ListCapturesResponse& page) {
        for (const v1::Capture& capture : page.captures()) {
          if (absl::StartsWith(capture.name(), start) ||
              HasFile(channel, capture, end)) {
            found.push_back(capture.name());
          }
        }
      });
  return listed.ok() ? found : std::vector<std::string>();
}

std::string NamesHint(const std::vector<std::string>& names) {
  if (names.empty()) return "\nTo list them: dissectctl captures";
  return SimilarNames(
      "These have a file of that name, or a name that begins so:", names);
}

}  // namespace

grpc::Status CallOnCapture(
    const std::shared_ptr<grpc::Channel>& channel, const std::string& name,
    ShortNames short_names,
    const std::function<grpc::Status(const std::string& resource)>& call) {
  const grpc::Status status = call(CaptureResourceName(name));
  if (FailureOf(status).reason() != kNotFoundReason || name.empty()) {
    return status;
  }
  const std::vector<std::string> found = FindByShortName(channel, name);
  if (found.size() == 1 && short_names == ShortNames::kFind) {
    return call(found.front());
  }
  return WithHint(status, NamesHint(found));
}

}  // namespace dissectd::cli
