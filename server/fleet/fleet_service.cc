// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/fleet/fleet_service.h"

#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "core/base/status_macros.h"
#include "dissectd/v1/capture.pb.h"
#include "server/base/random_id.h"
#include "server/fleet/fleet_errors.h"
#include "server/fleet/node_clock.h"
#include "server/fleet/node_names.h"
#include "server/fleet/node_statistics_call.h"
#include "server/rpc/grpc_status.h"

namespace dissectd::server {
namespace {

using ScatterPtr = std::shared_ptr<ScatterCall>;

void SetCapture(const Node& node, const v1::Capture& capture,
                v1::NodeCapture* result) {
  result->set_name(NodeCaptureNameOf(node.address().name, capture.name()));
  *result->mutable_capture() = capture;
}

v1::NodeState StateOf(const absl::Status& error) {
  return absl::IsPermissionDenied(error) || absl::IsUnauthenticated(error)
             ? v1::NODE_STATE_REFUSING
             : v1::NODE_STATE_UNAVAILABLE;
}

// Describes a node by what it has answered.
v1::Node Described(Node* node, const absl::StatusOr<NodeFacts>& facts) {
  if (!facts.ok()) node->NoteError(facts.status());
  v1::Node described = node->Describe();
  if (!facts.ok()) {
    described.set_state(StateOf(facts.status()));
    return described;
  }
  described.set_state(v1::NODE_STATE_READY);
  described.set_version(facts->info.version());
  if (facts->info.engines_size() > 0) {
    described.set_wireshark_version(facts->info.engines(0).wireshark_version());
  }
  if (facts->clock.has_value()) {
    *described.mutable_clock_offset() = ToProto(facts->clock->offset);
    *described.mutable_clock_offset_error() = ToProto(facts->clock->error);
  }
  return described;
}

void Describe(const ScatterPtr& call, const std::shared_ptr<Node>& node) {
  call->Track(AskForFacts(call->deps(), node, call->context()->info(),
                          [call, node](const absl::StatusOr<NodeFacts>& facts) {
                            if (call->is_finished()) return;
                            v1::ListNodesResponse response;
                            *response.mutable_node() =
                                Described(node.get(), facts);
                            call->Send(response);
                            call->EndJob();
                          }));
}

void ListInterfaces(const ScatterPtr& call, const std::shared_ptr<Node>& node) {
  call->Ask<v1::ListInterfacesResponse>(
      node, "CaptureService/ListInterfaces", v1::ListInterfacesRequest(),
      [call, node](absl::StatusOr<v1::ListInterfacesResponse> answer) {
        v1::ListNodeInterfacesResponse response;
        response.set_node(node->name());
        if (answer.ok()) {
          response.mutable_interfaces()->Swap(answer->mutable_interfaces());
        } else {
          *response.mutable_failure() = FailureOf(answer.status());
        }
        call->Send(response);
        call->EndJob();
      });
}

// Lists one page of captures, and leaves the rest to another job.
void ListCaptures(const ScatterPtr& call, const std::shared_ptr<Node>& node,
                  const v1::ListNodeCapturesRequest& request,
                  const std::string& page_token) {
  v1::ListCapturesRequest page;
  page.set_page_token(page_token);
  *page.mutable_states() = request.states();
  call->Ask<v1::ListCapturesResponse>(
      node, "CaptureService/ListCaptures", page,
      [call, node, request](absl::StatusOr<v1::ListCapturesResponse> answer) {
        v1::ListNodeCapturesResponse response;
        response.set_node(node->name());
        if (!answer.ok()) {
          *response.mutable_failure() = FailureOf(answer.status());
          call->Send(response);
          return call->EndJob();
        }
        for (const v1::Capture& capture : answer->captures()) {
          if (request.request_id().empty() ||
              capture.request_id() == request.request_id()) {
            SetCapture(*node, capture, response.add_captures());
          }
        }
        call->Send(response);
        const std::string& next = answer->next_page_token();
        if (next.empty()) return call->EndJob();
        call->EndJob([node, request, next](const ScatterPtr& same) {
          ListCaptures(same, node, request, next);
        });
      });
}

void CreateCapture(const ScatterPtr& call, const std::shared_ptr<Node>& node,
                   const v1::CreateCaptureRequest& request) {
  call->Ask<v1::CreateCaptureResponse>(
      node, "CaptureService/CreateCapture", request,
      [call, node](const absl::StatusOr<v1::CreateCaptureResponse>& answer) {
        v1::CreateNodeCapturesResponse response;
        response.set_node(node->name());
        if (answer.ok()) {
          SetCapture(*node, answer->capture(), response.mutable_capture());
        } else {
          *response.mutable_failure() = FailureOf(answer.status());
        }
        call->Send(response);
        call->EndJob();
      });
}

void StopCapture(const ScatterPtr& call, const std::shared_ptr<Node>& node,
                 const v1::StopCaptureRequest& request) {
  call->Ask<v1::StopCaptureResponse>(
      node, "CaptureService/StopCapture", request,
      [call, node, capture = request.name()](
          const absl::StatusOr<v1::StopCaptureResponse>& answer) {
        v1::StopNodeCapturesResponse response;
        response.set_name(NodeCaptureNameOf(node->address().name, capture));
        if (answer.ok()) {
          SetCapture(*node, answer->capture(), response.mutable_capture());
        } else {
          *response.mutable_failure() = FailureOf(answer.status());
        }
        call->Send(response);
        call->EndJob();
      });
}

absl::StatusOr<ScatterCall::Jobs> JobsToStop(
    const Nodes& nodes, const v1::StopNodeCapturesRequest& request,
    CallContext* context) {
  if (request.captures().empty()) return errors::NodeCapturesMissing();
  ScatterCall::Jobs jobs;
  for (const std::string& name : request.captures()) {
    ASSIGN_OR_RETURN(const NodeCaptureName parsed, ParseNodeCaptureName(name));
    ASSIGN_OR_RETURN(const std::shared_ptr<Node> node, nodes.Find(parsed.node));
    context->AddResource(name);
    v1::StopCaptureRequest stop;
    stop.set_name(parsed.capture);
    stop.set_mode(request.mode());
    jobs.emplace_back([node, stop](const ScatterPtr& call) {
      StopCapture(call, node, stop);
    });
  }
  return jobs;
}

}  // namespace

FleetService::FleetService(const RpcService::Deps& deps,
                           const DissectNodesCall::Deps& fleet)
    : RpcService(deps, "dissectd.v1.FleetService"), fleet_(fleet) {
  BindStream("ListNodes", WorkerUse::kNone, &FleetService::ListNodes);
  BindStream("ListNodeInterfaces", WorkerUse::kNone,
             &FleetService::ListNodeInterfaces);
  BindStream("ListNodeCaptures", WorkerUse::kNone,
             &FleetService::ListNodeCaptures);
  BindStream("CreateNodeCaptures", WorkerUse::kNone,
             &FleetService::CreateNodeCaptures);
  BindStream("StopNodeCaptures", WorkerUse::kNone,
             &FleetService::StopNodeCaptures);
  BindStream("WatchNodeStatistics", WorkerUse::kNone,
             &FleetService::WatchNodeStatistics);
  BindStream("DissectNodes", WorkerUse::kNone, &FleetService::DissectNodes);
}

RpcService::StreamReactor* FleetService::AskEach(Context context,
                                                 const Nodes::Names& names,
                                                 JobOfNode job) {
  return ScatterCall::Create(
      fleet_.calls, std::move(context),
      [nodes = fleet_.nodes, names, job = std::move(job)](
          CallContext* call) -> absl::StatusOr<ScatterCall::Jobs> {
        ASSIGN_OR_RETURN(const Nodes::List selected, nodes->Select(names));
        ScatterCall::Jobs jobs;
        for (const std::shared_ptr<Node>& node : selected) {
          call->AddResource(node->name());
          jobs.push_back(job(node));
        }
        return jobs;
      });
}

RpcService::StreamReactor* FleetService::ListNodes(
    Context context, const v1::ListNodesRequest& request) {
  return AskEach(std::move(context), request.nodes(), [](const auto& node) {
    return [node](const ScatterPtr& call) { Describe(call, node); };
  });
}

RpcService::StreamReactor* FleetService::ListNodeInterfaces(
    Context context, const v1::ListNodeInterfacesRequest& request) {
  return AskEach(std::move(context), request.nodes(), [](const auto& node) {
    return [node](const ScatterPtr& call) { ListInterfaces(call, node); };
  });
}

RpcService::StreamReactor* FleetService::ListNodeCaptures(
    Context context, const v1::ListNodeCapturesRequest& request) {
  return AskEach(std::move(context), request.nodes(),
                 [request](const auto& node) {
                   return [node, request](const ScatterPtr& call) {
                     ListCaptures(call, node, request, "");
                   };
                 });
}

RpcService::StreamReactor* FleetService::CreateNodeCaptures(
    Context context, const v1::CreateNodeCapturesRequest& request) {
  if (request.nodes().empty()) {
    return Refuse<StreamReactor>(std::move(context), errors::NodesMissing());
  }
  v1::CreateCaptureRequest create;
  *create.mutable_options() = request.options();
  create.set_request_id(request.request_id().empty() ? NewRandomId()
                                                     : request.request_id());
  if (request.has_idle_timeout()) {
    *create.mutable_idle_timeout() = request.idle_timeout();
  }
  return AskEach(std::move(context), request.nodes(),
                 [create](const auto& node) {
                   return [node, create](const ScatterPtr& call) {
                     CreateCapture(call, node, create);
                   };
                 });
}

RpcService::StreamReactor* FleetService::StopNodeCaptures(
    Context context, const v1::StopNodeCapturesRequest& request) {
  return ScatterCall::Create(
      fleet_.calls, std::move(context),
      [nodes = fleet_.nodes, request](CallContext* call) {
        return JobsToStop(*nodes, request, call);
      });
}

RpcService::StreamReactor* FleetService::WatchNodeStatistics(
    Context context, const v1::WatchNodeStatisticsRequest& request) {
  return NodeStatisticsCall::Create(fleet_.calls, fleet_.nodes,
                                    std::move(context), request);
}

RpcService::StreamReactor* FleetService::DissectNodes(
    Context context, const v1::DissectNodesRequest& request) {
  return DissectNodesCall::Create(fleet_, std::move(context), request);
}

}  // namespace dissectd::server
