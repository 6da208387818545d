// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_RPC_METHOD_H_
#define SERVER_RPC_METHOD_H_

#include <string>

namespace dissectd::server {

// Whether a method's calls count against the limit of worker processes.
enum class WorkerUse {
  // Calls need no worker, or share a bounded number of workers.
  kNone,
  // Some calls need a worker. The handler asks the CallContext for a permit.
  kOnDemand,
  // Every call needs a worker, and is admitted only with a permit.
  kAlways,
};

// A method of the API.
struct Method {
  // For example `dissectd.v1.FileService/GetFile`.
  std::string name;
  WorkerUse worker_use = WorkerUse::kNone;
};

}  // namespace dissectd::server

#endif  // SERVER_RPC_METHOD_H_
