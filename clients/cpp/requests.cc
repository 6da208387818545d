// SPDX-License-Identifier: Apache-2.0

#include "clients/cpp/requests.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace dissectd {
namespace {

constexpr int kIdleSeconds = 30;

// Returns whether a name has the prefix, and no further folders: a folder of
// the store may be called `captures`, too.
bool IsResource(absl::string_view name, absl::string_view prefix) {
  return absl::ConsumePrefix(&name, prefix) && !absl::StrContains(name, '/');
}

}  // namespace

v1::DissectRequest DissectCapture(absl::string_view name,
                                  absl::string_view display_filter) {
  v1::DissectRequest request;
  if (IsResource(name, "captures/")) {
    request.set_capture(std::string(name));
  } else if (IsResource(name, "sessions/")) {
    request.set_session(std::string(name));
  } else {
    request.set_file(absl::StartsWith(name, "files/")
                         ? std::string(name)
                         : absl::StrCat("files/", name));
  }
  request.mutable_view()->set_display_filter(std::string(display_filter));
  return request;
}

void AddColumns(std::initializer_list<absl::string_view> formats,
                v1::DissectRequest* request) {
  for (const absl::string_view format : formats) {
    request->mutable_view()->mutable_columns()->add_columns()->set_format(
        std::string(format));
  }
}

void AddFields(std::initializer_list<absl::string_view> names,
               v1::DissectRequest* request) {
  for (const absl::string_view name : names) {
    request->mutable_view()->add_fields(std::string(name));
  }
}

void AddTree(v1::DissectRequest* request) {
  request->mutable_view()->set_tree(v1::TREE_DETAIL_FULL);
  request->mutable_view()->set_labels(true);
}

v1::CreateCaptureRequest CaptureFrom(absl::string_view interface,
                                     absl::string_view capture_filter) {
  v1::CreateCaptureRequest request;
  v1::InterfaceOptions* const options =
      request.mutable_options()->add_interfaces();
  options->set_name(std::string(interface));
  options->set_capture_filter(std::string(capture_filter));
  request.mutable_idle_timeout()->set_seconds(kIdleSeconds);
  return request;
}

}  // namespace dissectd
