// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/rpc/rpc_service.h"

#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/impl/rpc_method.h>
#include <grpcpp/impl/rpc_service_method.h>

#include <algorithm>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "server/rpc/request_check.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;
using grpc::internal::RpcMethod;

[[noreturn]] void Die(const std::string& service, const char* what) {
  spdlog::critical("{} {}", service, what);
  std::abort();
}

const ServiceDescriptor* FindService(const std::string& name) {
  const ServiceDescriptor* service =
      google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(
          name);
  if (service == nullptr) Die(name, "is not a linked service");
  return service;
}

}  // namespace

RpcService::RpcService(const Deps& deps, const std::string& name)
    : deps_(deps), descriptor_(FindService(name)) {}

std::vector<std::string> RpcService::UnboundMethods() const {
  std::vector<std::string> unbound;
  for (int i = 0; i < descriptor_->method_count(); ++i) {
    const std::string name =
        absl::StrCat(this->name(), "/", descriptor_->method(i)->name());
    if (std::none_of(methods_.begin(), methods_.end(), [&](const Bound& bound) {
          return bound.method.name == name;
        })) {
      unbound.push_back(name);
    }
  }
  return unbound;
}

const RpcService::Bound& RpcService::Add(const std::string& method,
                                         WorkerUse worker_use,
                                         bool client_streaming,
                                         bool server_streaming) {
  const std::string name = absl::StrCat(this->name(), "/", method);
  const MethodDescriptor* known = descriptor_->FindMethodByName(method);
  if (known == nullptr) Die(name, "is not a method");
  if (known->client_streaming() != client_streaming ||
      known->server_streaming() != server_streaming) {
    Die(name, "has a handler of another kind");
  }
  if (std::any_of(methods_.begin(), methods_.end(), [&](const Bound& bound) {
        return bound.method.name == name;
      })) {
    Die(name, "has two handlers");
  }
  methods_.push_back({{name, worker_use}, known->input_type(), "/" + name});
  return methods_.back();
}

void RpcService::Register(const Bound& bound, RpcMethod::RpcType type,
                          grpc::internal::MethodHandler* handler) {
  AddMethod(
      new grpc::internal::RpcServiceMethod(bound.path.c_str(), type, nullptr));
  MarkMethodRawCallback(static_cast<int>(methods_.size()) - 1, handler);
}

template <typename Reactor, typename Handle>
Reactor* RpcService::Enter(grpc::CallbackServerContext* server_context,
                           const Bound& bound, const grpc::ByteBuffer* request,
                           const Handle& handle) const {
  Admission::Entry entry = deps_.admission->Admit(server_context, bound.method);
  if (request != nullptr) {
    entry.context->CountReceived(request->Length());
    if (entry.status.ok()) {
      entry.status = CheckRequest(*bound.request_type, *request);
    }
  }
  if (!entry.status.ok()) {
    return Refuse<Reactor>(std::move(entry.context), entry.status);
  }
  return handle(std::move(entry.context));
}

void RpcService::BindUnary(const std::string& method, WorkerUse worker_use,
                           UnaryHandler handler) {
  const Bound& bound = Add(method, worker_use, false, false);
  Register(
      bound, RpcMethod::NORMAL_RPC,
      new grpc::internal::CallbackUnaryHandler<grpc::ByteBuffer,
                                               grpc::ByteBuffer>(
          [this, &bound, handler = std::move(handler)](
              grpc::CallbackServerContext* server_context,
              const grpc::ByteBuffer* request, grpc::ByteBuffer* response) {
            return Enter<UnaryReactor>(
                server_context, bound, request, [&](Context context) {
                  return handler(std::move(context), *request, response);
                });
          }));
}

void RpcService::BindStream(const std::string& method, WorkerUse worker_use,
                            StreamHandler handler) {
  const Bound& bound = Add(method, worker_use, false, true);
  Register(bound, RpcMethod::SERVER_STREAMING,
           new grpc::internal::CallbackServerStreamingHandler<grpc::ByteBuffer,
                                                              grpc::ByteBuffer>(
               [this, &bound, handler = std::move(handler)](
                   grpc::CallbackServerContext* server_context,
                   const grpc::ByteBuffer* request) {
                 return Enter<StreamReactor>(
                     server_context, bound, request, [&](Context context) {
                       return handler(std::move(context), *request);
                     });
               }));
}

void RpcService::BindUpload(const std::string& method, WorkerUse worker_use,
                            UploadHandler handler) {
  const Bound& bound = Add(method, worker_use, true, false);
  Register(bound, RpcMethod::CLIENT_STREAMING,
           new grpc::internal::CallbackClientStreamingHandler<grpc::ByteBuffer,
                                                              grpc::ByteBuffer>(
               [this, &bound, handler = std::move(handler)](
                   grpc::CallbackServerContext* server_context,
                   grpc::ByteBuffer* response) {
                 return Enter<UploadReactor>(
                     server_context, bound, nullptr, [&](Context context) {
                       return handler(std::move(context), response);
                     });
               }));
}

void RpcService::BindBidi(const std::string& method, WorkerUse worker_use,
                          BidiHandler handler) {
  const Bound& bound = Add(method, worker_use, true, true);
  Register(bound, RpcMethod::BIDI_STREAMING,
           new grpc::internal::CallbackBidiHandler<grpc::ByteBuffer,
                                                   grpc::ByteBuffer>(
               [this, &bound, handler = std::move(handler)](
                   grpc::CallbackServerContext* server_context) {
                 return Enter<BidiReactor>(server_context, bound, nullptr,
                                           handler);
               }));
}

}  // namespace dissectd::server
