// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_RPC_RPC_SERVICE_H_
#define SERVER_RPC_RPC_SERVICE_H_

#include <google/protobuf/descriptor.h>
#include <grpcpp/impl/service_type.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <asio/thread_pool.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "server/base/done_fn.h"
#include "server/base/io_loop.h"
#include "server/rpc/admission.h"
#include "server/rpc/call_context.h"
#include "server/rpc/file_queue.h"
#include "server/rpc/message_bytes.h"
#include "server/rpc/method.h"
#include "server/rpc/refused_call.h"
#include "server/rpc/typed_unary_call.h"

namespace dissectd::server {

// A service of the API. Derived classes bind each of its methods to a handler
// in their constructor. Every call is admitted here before its handler runs.
// Requests are read as bytes, so that a malformed one gets our error instead of
// gRPC's. Thread-safe once all methods are bound.
//
// A handler is one of
//
//   // On the pool: may block.
//   absl::Status DeleteFile(CallContext*, const DeleteFileRequest&,
//                           DeleteFileResponse*);
//   // On the loop: answers now or later.
//   void StopCapture(CallContext*, const StopCaptureRequest&,
//                    StopCaptureResponse*, DoneFn done);
//   // Returns a Call of its own, on gRPC's thread: must not block.
//   StreamReactor* WatchCapture(std::unique_ptr<CallContext>,
//                               const WatchCaptureRequest&);
class RpcService : public grpc::Service {
 public:
  // Nothing is owned; all outlives the service.
  struct Deps {
    Admission* admission;
    IoLoop* loop;
    // Runs tasks that may block on the file system, and that no call waits for.
    asio::thread_pool* pool;
    // Runs those of calls.
    FileQueue* file_queue;
  };
  using Context = std::unique_ptr<CallContext>;
  using UnaryReactor = grpc::ServerUnaryReactor;
  using StreamReactor = grpc::ServerWriteReactor<grpc::ByteBuffer>;
  using UploadReactor = grpc::ServerReadReactor<grpc::ByteBuffer>;
  using BidiReactor =
      grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>;
  // Handlers that take requests as bytes. `response` is valid until gRPC has
  // finished with the call.
  using UnaryHandler = std::function<UnaryReactor*(
      Context context, const grpc::ByteBuffer& request,
      grpc::ByteBuffer* response)>;
  using StreamHandler = std::function<StreamReactor*(
      Context context, const grpc::ByteBuffer& request)>;
  using UploadHandler = std::function<UploadReactor*(
      Context context, grpc::ByteBuffer* response)>;
  using BidiHandler = std::function<BidiReactor*(Context context)>;

  // `name` is the full name of a linked service, for example
  // `dissectd.v1.FileService`.
  RpcService(const Deps& deps, const std::string& name);

  const std::string& name() const { return descriptor_->full_name(); }

  // Returns the methods without a handler, which return UNIMPLEMENTED.
  std::vector<std::string> UnboundMethods() const;

 protected:
  // Each of these binds one method, by its name without the service's. The
  // process ends if the service has no such method, or the method is of another
  // kind.
  void BindUnary(const std::string& method, WorkerUse worker_use,
                 UnaryHandler handler);
  void BindStream(const std::string& method, WorkerUse worker_use,
                  StreamHandler handler);
  void BindUpload(const std::string& method, WorkerUse worker_use,
                  UploadHandler handler);
  void BindBidi(const std::string& method, WorkerUse worker_use,
                BidiHandler handler);

  template <typename Service, typename Request, typename Response>
  void BindOnPool(const std::string& method,
                  absl::Status (Service::*handler)(CallContext*, const Request&,
                                                   Response*)) {
    auto* service = static_cast<Service*>(this);
    BindTyped<Request, Response>(
        method, WorkerUse::kNone, [this, service, handler](const auto& call) {
          deps_.file_queue->Begin(
              call, [service, handler, call](const absl::Status& turn) {
                call->End(turn.ok() ? (service->*handler)(call->context(),
                                                          call->request(),
                                                          call->response())
                                    : turn);
              });
        });
  }

  template <typename Service, typename Request, typename Response>
  void BindOnLoop(const std::string& method,
                  void (Service::*handler)(CallContext*, const Request&,
                                           Response*, DoneFn)) {
    auto* service = static_cast<Service*>(this);
    BindTyped<Request, Response>(
        method, WorkerUse::kNone, [this, service, handler](const auto& call) {
          deps_.loop->Post([service, handler, call] {
            (service->*handler)(
                call->context(), call->request(), call->response(),
                [call](const absl::Status& status) { call->End(status); });
          });
        });
  }

  template <typename Service, typename Request>
  void BindUnary(const std::string& method, WorkerUse worker_use,
                 UnaryReactor* (Service::*handler)(Context, const Request&,
                                                   grpc::ByteBuffer*)) {
    auto* service = static_cast<Service*>(this);
    BindUnary(
        method, worker_use,
        [this, service, handler](Context context, const grpc::ByteBuffer& bytes,
                                 grpc::ByteBuffer* response) {
          Request request;
          const absl::Status status = ParseMessage(bytes, &request);
          return status.ok() ? (service->*handler)(std::move(context), request,
                                                   response)
                             : Refuse<UnaryReactor>(std::move(context), status);
        });
  }

  template <typename Service, typename Request>
  void BindStream(const std::string& method, WorkerUse worker_use,
                  StreamReactor* (Service::*handler)(Context, const Request&)) {
    auto* service = static_cast<Service*>(this);
    BindStream(method, worker_use,
               [this, service, handler](Context context,
                                        const grpc::ByteBuffer& bytes) {
                 Request request;
                 const absl::Status status = ParseMessage(bytes, &request);
                 return status.ok()
                            ? (service->*handler)(std::move(context), request)
                            : Refuse<StreamReactor>(std::move(context), status);
               });
  }

  // Ends a call at once.
  template <typename Reactor>
  Reactor* Refuse(Context context, const absl::Status& status) const {
    return RefusedCall<Reactor>::Create(deps_.loop, std::move(context), status);
  }

  const Deps& deps() const { return deps_; }

 private:
  // Binds a method to a function that takes its TypedUnaryCall.
  template <typename Request, typename Response, typename Start>
  void BindTyped(const std::string& method, WorkerUse worker_use, Start start) {
    BindUnary(method, worker_use,
              [this, start](Context context, const grpc::ByteBuffer& bytes,
                            grpc::ByteBuffer* response) -> UnaryReactor* {
                Request request;
                const absl::Status status = ParseMessage(bytes, &request);
                if (!status.ok()) {
                  return Refuse<UnaryReactor>(std::move(context), status);
                }
                const auto call = TypedUnaryCall<Request, Response>::Create(
                    deps_.loop, std::move(context), std::move(request),
                    response);
                start(call);
                return call.get();
              });
  }

  struct Bound {
    Method method;
    const google::protobuf::Descriptor* request_type;
    // The name under which gRPC registers the method; gRPC keeps a pointer to
    // the text.
    std::string path;
  };

  // Admits a call and passes it on with its request, if it has one; or refuses
  // it. The values of the request are within their limits then.
  template <typename Reactor, typename Handle>
  Reactor* Enter(grpc::CallbackServerContext* server_context,
                 const Bound& bound, const grpc::ByteBuffer* request,
                 const Handle& handle) const;

  // Adds a method, which must be of the given kind and not bound yet.
  const Bound& Add(const std::string& method, WorkerUse worker_use,
                   bool client_streaming, bool server_streaming);
  void Register(const Bound& bound, grpc::internal::RpcMethod::RpcType type,
                grpc::internal::MethodHandler* handler);

  const Deps deps_;
  const google::protobuf::ServiceDescriptor* const descriptor_;
  // A deque, so that methods don't move when others are added.
  std::deque<Bound> methods_;
};

}  // namespace dissectd::server

#endif  // SERVER_RPC_RPC_SERVICE_H_
