// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/preference_reports.h"

#include <cstdio>

#include "dissectd/v1/preference.grpc.pb.h"

namespace dissectd::cli {
namespace {

grpc::Status PrintPreferences(const std::shared_ptr<grpc::Channel>& channel,
                              bool defaults) {
  grpc::ClientContext context;
  v1::ExportPreferencesRequest request;
  request.set_defaults(defaults);
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
  return PrintPreferences(channel, /*defaults=*/true);
}

grpc::Status PrintCurrentPreferences(
    const std::shared_ptr<grpc::Channel>& channel) {
  return PrintPreferences(channel, /*defaults=*/false);
}

}  // namespace dissectd::cli
