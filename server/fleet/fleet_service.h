// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_FLEET_FLEET_SERVICE_H_
#define SERVER_FLEET_FLEET_SERVICE_H_

#include <functional>
#include <memory>

#include "dissectd/v1/fleet.pb.h"
#include "server/fleet/dissect_nodes_call.h"
#include "server/fleet/nodes.h"
#include "server/fleet/scatter_call.h"
#include "server/rpc/rpc_service.h"

namespace dissectd::server {

// FleetService. Thread-safe.
class FleetService final : public RpcService {
 public:
  FleetService(const RpcService::Deps& deps,
               const DissectNodesCall::Deps& fleet);

 private:
  StreamReactor* ListNodes(Context context,
                           const v1::ListNodesRequest& request);
  StreamReactor* ListNodeInterfaces(
      Context context, const v1::ListNodeInterfacesRequest& request);
  StreamReactor* ListNodeCaptures(Context context,
                                  const v1::ListNodeCapturesRequest& request);
  StreamReactor* CreateNodeCaptures(
      Context context, const v1::CreateNodeCapturesRequest& request);
  StreamReactor* StopNodeCaptures(Context context,
                                  const v1::StopNodeCapturesRequest& request);
  StreamReactor* WatchNodeStatistics(
      Context context, const v1::WatchNodeStatisticsRequest& request);
  StreamReactor* DissectNodes(Context context,
                              const v1::DissectNodesRequest& request);

  // Begins a call that does a job at each of the nodes.
  using JobOfNode = std::function<ScatterCall::Job(std::shared_ptr<Node> node)>;
  StreamReactor* AskEach(Context context, const Nodes::Names& nodes,
                         JobOfNode job);

  const DissectNodesCall::Deps fleet_;
};

}  // namespace dissectd::server

#endif  // SERVER_FLEET_FLEET_SERVICE_H_
