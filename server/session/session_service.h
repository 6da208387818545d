// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_SESSION_SESSION_SERVICE_H_
#define SERVER_SESSION_SESSION_SERVICE_H_

#include <grpcpp/support/byte_buffer.h>

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "dissectd/v1/session.pb.h"
#include "server/base/done_fn.h"
#include "server/capture/live_feed.h"
#include "server/policy/resource_access.h"
#include "server/query/query_deps.h"
#include "server/rpc/rpc_service.h"
#include "server/session/session_reload_call.h"
#include "server/session/sessions.h"
#include "server/store/capture_source.h"
#include "server/store/file_store.h"

namespace dissectd::server {

// dissectd.v1.SessionService. Thread-safe.
class SessionService final : public RpcService {
 public:
  // Nothing is owned; all outlives the service.
  struct Deps {
    const FileStore* files;
    QueryDeps queries;
    const ResourceAccess* access;
    Sessions* sessions;
    LiveFeed::Deps live;
  };

  SessionService(const RpcService::Deps& rpc, const Deps& deps);

 private:
  StreamReactor* OpenSession(Context context,
                             const v1::OpenSessionRequest& request);
  StreamReactor* ReloadSession(Context context,
                               const v1::ReloadSessionRequest& request);
  StreamReactor* OpenLiveSession(Context context,
                                 const v1::OpenSessionRequest& request);
  StreamReactor* WatchSession(Context context,
                              const v1::WatchSessionRequest& request);
  void GetSession(CallContext* context, const v1::GetSessionRequest& request,
                  v1::GetSessionResponse* response, DoneFn done);
  UnaryReactor* EditSession(Context context,
                            const v1::EditSessionRequest& request,
                            grpc::ByteBuffer* response);
  void GetSessionEdits(CallContext* context,
                       const v1::GetSessionEditsRequest& request,
                       v1::GetSessionEditsResponse* response, DoneFn done);
  void ListSessions(CallContext* context,
                    const v1::ListSessionsRequest& request,
                    v1::ListSessionsResponse* response, DoneFn done);
  void CloseSession(CallContext* context,
                    const v1::CloseSessionRequest& request,
                    v1::CloseSessionResponse* response, DoneFn done);
  // Opens the file of a session that is read again. Runs on the loop's thread.
  void OpenAgain(const v1::ReloadSessionRequest& request,
                 const std::string& file, SessionReloadCall* call);
  // Checks that the caller may read the capture of a session, which is read
  // again.
  void ReloadCapture(const v1::ReloadSessionRequest& request,
                     const std::string& capture, SessionReloadCall* call);
  // `source` is absent if the session was opened on a capture.
  void Reload(const v1::ReloadSessionRequest& request,
              std::optional<CaptureSource> source, SessionReloadCall* call);
  // Answers a call about frames.
  template <typename Request>
  UnaryReactor* Ask(Context context, const Request& request,
                    grpc::ByteBuffer* response);

  const Deps deps_;
};

}  // namespace dissectd::server

#endif  // SERVER_SESSION_SESSION_SERVICE_H_
