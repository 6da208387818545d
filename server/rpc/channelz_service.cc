// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/rpc/channelz_service.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/util/json_util.h>
#include <grpc/grpc.h>
#include <grpc/support/alloc.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/status_macros.h"
#include "server/rpc/message_bytes.h"
#include "server/rpc/unary_call.h"

namespace dissectd::server {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MessageFactory;
using google::protobuf::MethodDescriptor;

constexpr char kService[] = "grpc.channelz.v1.Channelz";

// gRPC's answer as JSON, which is freed as gRPC's memory is.
struct JsonDeleter {
  void operator()(char* json) const { gpr_free(json); }
};
using Json = std::unique_ptr<char, JsonDeleter>;

// The numbers of a request; 0 for those that it doesn't have.
class Numbers {
 public:
  explicit Numbers(const Message& request) : request_(request) {}

  intptr_t Get(const char* field) const {
    const FieldDescriptor* found =
        request_.GetDescriptor()->FindFieldByName(field);
    return found == nullptr
               ? 0
               : request_.GetReflection()->GetInt64(request_, found);
  }

 private:
  const Message& request_;
};

// A method, and how gRPC answers it: with null if there is no such thing.
struct ChannelzMethod {
  const char* name;
  Json (*answer)(const Numbers& request);
};

constexpr ChannelzMethod kMethods[] = {
    {"GetTopChannels",
     [](const Numbers& request) {
       return Json(
           grpc_channelz_get_top_channels(request.Get("start_channel_id")));
     }},
    {"GetServers",
     [](const Numbers& request) {
       return Json(grpc_channelz_get_servers(request.Get("start_server_id")));
     }},
    {"GetServer",
     [](const Numbers& request) {
       return Json(grpc_channelz_get_server(request.Get("server_id")));
     }},
    {"GetServerSockets",
     [](const Numbers& request) {
       return Json(grpc_channelz_get_server_sockets(
           request.Get("server_id"), request.Get("start_socket_id"),
           request.Get("max_results")));
     }},
    {"GetChannel",
     [](const Numbers& request) {
       return Json(grpc_channelz_get_channel(request.Get("channel_id")));
     }},
    {"GetSubchannel",
     [](const Numbers& request) {
       return Json(grpc_channelz_get_subchannel(request.Get("subchannel_id")));
     }},
    {"GetSocket",
     [](const Numbers& request) {
       return Json(grpc_channelz_get_socket(request.Get("socket_id")));
     }},
};

// A call that was answered at once.
class AnsweredCall final : public UnaryCall {
 public:
  static grpc::ServerUnaryReactor* Create(
      IoLoop* loop, std::unique_ptr<CallContext> context,
      grpc::ByteBuffer* response,
      const absl::StatusOr<grpc::ByteBuffer>& answer) {
    // make_shared can't call the private constructor.
    auto* call = Own(std::shared_ptr<AnsweredCall>(
        new AnsweredCall(loop, std::move(context), response)));
    if (answer.ok()) {
      call->Answer(*answer);
    } else {
      call->Fail(answer.status());
    }
    return call;
  }

 private:
  using UnaryCall::UnaryCall;
};

std::unique_ptr<Message> NewMessage(const Descriptor* type) {
  return std::unique_ptr<Message>(
      MessageFactory::generated_factory()->GetPrototype(type)->New());
}

absl::StatusOr<grpc::ByteBuffer> Answer(const ChannelzMethod& method,
                                        const MethodDescriptor& descriptor,
                                        const grpc::ByteBuffer& bytes) {
  const std::unique_ptr<Message> request = NewMessage(descriptor.input_type());
  RETURN_IF_ERROR(ParseMessage(bytes, request.get()));
  const Json json = method.answer(Numbers(*request));
  if (json == nullptr) {
    return absl::NotFoundError("There is nothing with this number.");
  }
  const std::unique_ptr<Message> response =
      NewMessage(descriptor.output_type());
  if (!google::protobuf::util::JsonStringToMessage(json.get(), response.get())
           .ok()) {
    return absl::InternalError("gRPC's answer isn't of its own type.");
  }
  return SerializeMessage(*response);
}

}  // namespace

ChannelzService::ChannelzService(const RpcService::Deps& deps)
    : RpcService(deps, kService) {
  for (const ChannelzMethod& method : kMethods) {
    const MethodDescriptor* descriptor =
        DescriptorPool::generated_pool()->FindMethodByName(
            std::string(kService) + "." + method.name);
    BindUnary(method.name, WorkerUse::kNone,
              [this, &method, descriptor](Context context,
                                          const grpc::ByteBuffer& request,
                                          grpc::ByteBuffer* response) {
                return AnsweredCall::Create(
                    this->deps().loop, std::move(context), response,
                    Answer(method, *descriptor, request));
              });
  }
}

}  // namespace dissectd::server
