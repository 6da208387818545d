// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_QUERY_PREFERENCE_SERVICE_H_
#define SERVER_QUERY_PREFERENCE_SERVICE_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include "dissectd/v1/preference.grpc.pb.h"
#include "server/query/query_service.h"

namespace dissectd::server {

using RawPreferenceLists =
    v1::PreferenceService::WithRawCallbackMethod_ListPreferenceModules<
        v1::PreferenceService::WithRawCallbackMethod_ListPreferences<
            v1::PreferenceService::WithRawCallbackMethod_GetPreference<
                v1::PreferenceService::Service>>>;

using RawProfileLists =
    v1::PreferenceService::WithRawCallbackMethod_ListDecodeAsTables<
        v1::PreferenceService::WithRawCallbackMethod_ListProfiles<
            v1::PreferenceService::WithRawCallbackMethod_GetCurrentProfile<
                RawPreferenceLists>>>;

using RawPreferenceService =
    v1::PreferenceService::WithRawCallbackMethod_ValidateOptions<
        v1::PreferenceService::WithRawCallbackMethod_ExportPreferences<
            RawProfileLists>>;

// dissectd.v1.PreferenceService. Thread-safe.
class PreferenceService final : public RawPreferenceService {
 public:
  explicit PreferenceService(const QueryDeps& deps) : deps_(deps) {}

  grpc::ServerUnaryReactor* ListPreferenceModules(
      grpc::CallbackServerContext*, const grpc::ByteBuffer* request,
      grpc::ByteBuffer* response) override {
    return RunPooled(deps_, ipc::Query::kListPreferenceModules, *request,
                     response);
  }

  grpc::ServerUnaryReactor* ListPreferences(
      grpc::CallbackServerContext*, const grpc::ByteBuffer* request,
      grpc::ByteBuffer* response) override {
    return RunPooled(deps_, ipc::Query::kListPreferences, *request, response);
  }

  grpc::ServerUnaryReactor* GetPreference(grpc::CallbackServerContext*,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) override {
    return RunPooled(deps_, ipc::Query::kGetPreference, *request, response);
  }

  grpc::ServerUnaryReactor* ValidateOptions(
      grpc::CallbackServerContext*, const grpc::ByteBuffer* request,
      grpc::ByteBuffer* response) override {
    return RunDedicated(deps_, ipc::Query::kValidateOptions, *request,
                        response);
  }

  grpc::ServerUnaryReactor* ExportPreferences(
      grpc::CallbackServerContext*, const grpc::ByteBuffer* request,
      grpc::ByteBuffer* response) override {
    return RunDedicated(deps_, ipc::Query::kExportPreferences, *request,
                        response);
  }

  grpc::ServerUnaryReactor* ListDecodeAsTables(
      grpc::CallbackServerContext*, const grpc::ByteBuffer* request,
      grpc::ByteBuffer* response) override {
    return RunDedicated(deps_, ipc::Query::kListDecodeAsTables, *request,
                        response);
  }

  grpc::ServerUnaryReactor* ListProfiles(grpc::CallbackServerContext*,
                                         const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) override {
    return RunPooled(deps_, ipc::Query::kListProfiles, *request, response);
  }

  grpc::ServerUnaryReactor* GetCurrentProfile(
      grpc::CallbackServerContext*, const grpc::ByteBuffer* request,
      grpc::ByteBuffer* response) override {
    return RunPooled(deps_, ipc::Query::kGetCurrentProfile, *request, response);
  }

 private:
  const QueryDeps deps_;
};

}  // namespace dissectd::server

#endif  // SERVER_QUERY_PREFERENCE_SERVICE_H_
