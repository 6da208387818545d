// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/server_facts.h"

#include <grp.h>
#include <grpcpp/grpcpp.h>
#include <pcap/pcap.h>
#include <pwd.h>
#include <sys/capability.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "core/base/paging.h"
#include "core/base/request_limits.h"
#include "core/base/utf8.h"
#include "server/base/capabilities_ptr.h"
#include "server/base/limits.h"
#include "server/version.h"

namespace dissectd::server {
namespace {

// Enough for an entry of the user or group database; groups can have many
// members.
constexpr size_t kEntryBytes = 1 << 16;

std::string UserName(uid_t id) {
  std::vector<char> buffer(kEntryBytes);
  passwd entry = {};
  passwd* found = nullptr;
  getpwuid_r(id, &entry, buffer.data(), buffer.size(), &found);
  return found == nullptr ? "" : MakeValidUtf8(found->pw_name);
}

std::string GroupName(gid_t id) {
  std::vector<char> buffer(kEntryBytes);
  group entry = {};
  group* found = nullptr;
  getgrgid_r(id, &entry, buffer.data(), buffer.size(), &found);
  return found == nullptr ? "" : MakeValidUtf8(found->gr_name);
}

void AddCapabilities(v1::ProcessIdentity* identity) {
  const CapabilitiesPtr held(cap_get_proc());
  for (cap_value_t value = 0; value < cap_max_bits(); ++value) {
    if (!HasCapability(held.get(), value)) continue;
    const std::unique_ptr<char, FreeCapabilities> name(cap_to_name(value));
    if (name != nullptr) identity->add_capabilities(name.get());
  }
}

void DescribeIdentity(v1::ProcessIdentity* identity) {
  identity->set_user_id(geteuid());
  identity->set_user(UserName(geteuid()));
  identity->set_group_id(getegid());
  identity->set_group(GroupName(getegid()));
  AddCapabilities(identity);
}

void SetSeconds(std::chrono::seconds value, google::protobuf::Duration* field) {
  field->set_seconds(value.count());
}

void DescribeShares(const ServerConfig& config, v1::ServerLimits* limits) {
  const TransportConfig& transport = config.transport;
  limits->set_max_connections(transport.max_connections);
  limits->set_max_connections_per_peer(transport.max_connections_per_peer);
  limits->set_max_streams_per_connection(transport.max_streams_per_connection);
  limits->set_max_message_memory_bytes(transport.max_message_memory_bytes);
  const ShareConfig& share = config.share;
  limits->set_max_calls_per_principal(share.max_calls);
  limits->set_max_workers_per_principal(share.max_workers);
  limits->set_max_captures_per_principal(share.max_captures);
  limits->set_upload_quota_per_principal_bytes(share.upload_quota_bytes);
  limits->set_max_stored_files(share.max_stored_files_of_all);
  limits->set_max_stored_files_per_principal(share.max_stored_files);
  limits->set_max_calls_per_second(share.calls_per_second);
  limits->set_max_waiting_file_calls(kMaxWaitingFileCalls);
  limits->set_capture_quota_bytes(share.capture_quota_bytes);
  limits->set_min_free_disk_bytes(share.min_free_disk_bytes);
  SetSeconds(share.reader_timeout, limits->mutable_reader_timeout());
  if (share.sender_timeout.count() > 0) {
    SetSeconds(share.sender_timeout, limits->mutable_sender_timeout());
  }
  if (share.max_call_time.count() > 0) {
    SetSeconds(share.max_call_time, limits->mutable_max_call_time());
  }
}

void DescribeIsolation(const IsolationConfig& config,
                       v1::ServerLimits* limits) {
  limits->set_worker_memory_bytes(config.worker_memory_bytes);
  if (config.worker_processor_time.count() > 0) {
    SetSeconds(config.worker_processor_time,
               limits->mutable_worker_processor_time());
  }
  limits->set_max_crashes_per_call(config.max_crashes_per_call);
  limits->set_max_filter_bytes(kMaxFilterBytes);
  limits->set_max_text_bytes(kMaxTextBytes);
  limits->set_max_columns(kMaxColumns);
  limits->set_max_repeated_items(kMaxRepeatedItems);
  limits->set_max_tree_items(kMaxTreeItems);
}

void DescribeSessions(const SessionConfig& config, v1::ServerLimits* limits) {
  limits->set_max_sessions(config.max_sessions);
  limits->set_max_sessions_per_principal(config.max_sessions_per_caller);
  limits->set_max_session_memory_bytes(config.memory_bytes);
  SetSeconds(config.idle_timeout, limits->mutable_session_idle_timeout());
}

void DescribeLimits(const ServerConfig& config, v1::ServerLimits* limits) {
  limits->set_max_request_bytes(kMaxRequestBytes);
  limits->set_max_inline_capture_bytes(kMaxInlineCaptureBytes);
  limits->set_max_upload_chunk_bytes(kMaxUploadChunkBytes);
  limits->set_upload_quota_bytes(config.upload_quota_bytes);
  limits->set_max_memory_export_bytes(kMaxMemoryExportBytes);
  limits->set_max_calls(config.max_calls);
  limits->set_max_workers(config.max_workers);
  limits->set_max_captures(config.max_captures);
  limits->set_default_page_size(kDefaultPageSize);
  limits->set_max_page_size(kMaxPageSize);
  limits->set_max_waiting_queries(kMaxWaitingQueries);
  limits->mutable_query_timeout()->set_seconds(kQueryTimeout.count());
  limits->set_allow_external_resolver(config.allow_external_resolver);
  DescribeShares(config, limits);
  DescribeIsolation(config.isolation, limits);
  DescribeSessions(config.sessions, limits);
}

}  // namespace

v1::GetServerInfoResponse ServerFacts(const ServerConfig& config) {
  v1::GetServerInfoResponse facts;
  facts.set_version(std::string(kVersion));
  facts.set_replica(config.replica);
  facts.mutable_libraries()->set_libpcap(pcap_lib_version());
  facts.mutable_libraries()->set_grpc(grpc::Version());
  DescribeIdentity(facts.mutable_identity());
  DescribeLimits(config, facts.mutable_limits());
  return facts;
}

}  // namespace dissectd::server
