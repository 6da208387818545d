// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_DISSECTION_DISSECTION_SERVICE_H_
#define SERVER_DISSECTION_DISSECTION_SERVICE_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "dissectd/v1/dissection.pb.h"
#include "server/capture/captures.h"
#include "server/dissection/crashing_frames.h"
#include "server/dissection/dissect_call.h"
#include "server/live/live_workers.h"
#include "server/policy/resource_access.h"
#include "server/query/query_deps.h"
#include "server/rpc/rpc_service.h"
#include "server/session/sessions.h"
#include "server/store/file_store.h"

namespace dissectd::server {

// dissectd.v1.DissectionService. Forwards the bytes that workers write.
// Thread-safe.
class DissectionService final : public RpcService {
 public:
  // The dependencies of the service. Nothing is owned; everything outlives it.
  struct Deps {
    const FileStore* files;
    const Captures* captures;
    Sessions* sessions;
    QueryDeps queries;
    const ResourceAccess* access;
    // How often a call goes on after a crash of a dissector.
    uint32_t max_crashes_per_call;
    // Where frames that crash dissectors are kept. Null: nowhere.
    CrashingFrames* crashing_frames;
  };

  DissectionService(const RpcService::Deps& rpc, const Deps& deps);

 private:
  StreamReactor* Dissect(Context context, const v1::DissectRequest& request);
  StreamReactor* DissectFile(Context context,
                             const v1::DissectRequest& request);
  StreamReactor* DissectLive(Context context,
                             const v1::DissectRequest& request);

  StreamReactor* DissectSession(Context context,
                                const v1::DissectRequest& request);

  BidiReactor* DissectPipe(Context context);
  BidiReactor* DissectPackets(Context context);

  absl::StatusOr<DissectCall::Work> Prepare(CallContext* context,
                                            v1::DissectRequest request) const;

  const Deps deps_;
  // Used on the loop's thread.
  LiveWorkers live_workers_;
};

}  // namespace dissectd::server

#endif  // SERVER_DISSECTION_DISSECTION_SERVICE_H_
