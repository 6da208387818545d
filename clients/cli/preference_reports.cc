// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/preference_reports.h"

#include <cstdio>

#include "dissectd/v1/preference.grpc.pb.h"

namespace dissectd::cli {
namespace {

grpc::Status PrintPreferences(const std::shared_ptr<grpc::Channel>& channel,
                              const v1::ExportPreferencesRequest& request) {
  grpc::ClientContext context;
  v1::ExportPreferencesResponse response;
  grpc::Status status =
      v1::PreferenceService::NewStub(channel)->ExportPreferences(
          &context, request, &response);
  std::fwrite(response.text().data(), 1, response.text().size(), stdout);
  return status;
}

}  // namespace

grpc::Status PrintDefaultPreferences(
    const std::shared_ptr<grpc::Channel>& channel) {
  v1::ExportPreferencesRequest request;
  request.set_defaults(true);
  return PrintPreferences(channel, request);
}

grpc::Status PrintCurrentPreferences(
    const std::shared_ptr<grpc::Channel>& channel, const std::string& profile) {
  v1::ExportPreferencesRequest request;
  if (!profile.empty()) request.mutable_options()->set_profile(profile);
  return PrintPreferences(channel, request);
}

}  // namespace dissectd::cli
