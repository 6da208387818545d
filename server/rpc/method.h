// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_RPC_METHOD_H_
#define SERVER_RPC_METHOD_H_

#include <string>

namespace dissectd::server {

// Whether a method's calls count against the limit of worker processes.
enum class WorkerUse {
  // They need no worker, or share a bounded number with others.
  kNone,
  // Some do. The handler asks the CallContext for a permit once it knows.
  kOnDemand,
  // Each has a worker; no call is admitted without a permit.
  kAlways,
};

// What the entrance knows of a method.
struct Method {
  // For example `dissectd.v1.FileService/GetFile`.
  std::string name;
  WorkerUse worker_use = WorkerUse::kNone;
};

}  // namespace dissectd::server

#endif  // SERVER_RPC_METHOD_H_
