// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/tls_secrets.h"

#include <memory>
#include <protozero/pbf_builder.hpp>
#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/analysis/analysis_run.h"
#include "core/base/status_macros.h"
#include "core/epan/tap_data.h"
#include "core/epan/wireshark.h"
#include "core/request/request_reading.h"
#include "dissectd/v1/analysis.schema.h"

namespace dissectd::engine {
namespace {

std::string Hex(const void* bytes) {
  const auto* info = static_cast<const StringInfo*>(bytes);
  return absl::BytesToHexString(absl::string_view(
      reinterpret_cast<const char*>(info->data), info->data_len));
}

#if WIRESHARK_VERSION_MINOR == 0

void AddSession(gpointer id, gpointer secret, gpointer key_log) {
  absl::StrAppend(static_cast<std::string*>(key_log),
                  "RSA Session-ID:", Hex(id), " Master-Key:", Hex(secret),
                  "\n");
}

void AddClientRandom(gpointer random, gpointer secret, gpointer key_log) {
  absl::StrAppend(static_cast<std::string*>(key_log), "CLIENT_RANDOM ",
                  Hex(random), " ", Hex(secret), "\n");
}

// Returns the secrets in the order in which tshark writes them.
std::string KeyLog() {
  std::string key_log;
  g_hash_table_foreach(ssl_session_hash, AddSession, &key_log);
  g_hash_table_foreach(ssl_crandom_hash, AddClientRandom, &key_log);
  return key_log;
}

#else

// Wireshark 4.4 has no session ids, but secrets of TLS 1.3, and only the
// secrets of connections that the capture has.
std::string KeyLog() {
  std::string key_log;
  const ssl_master_key_map_t* const keys = tls_get_master_key_map(false);
  if (keys == nullptr) return key_log;
  const std::pair<const char*, GHashTable*> tables[] = {
      {"CLIENT_RANDOM", keys->crandom},
      {"CLIENT_EARLY_TRAFFIC_SECRET", keys->tls13_client_early},
      {"CLIENT_HANDSHAKE_TRAFFIC_SECRET", keys->tls13_client_handshake},
      {"SERVER_HANDSHAKE_TRAFFIC_SECRET", keys->tls13_server_handshake},
      {"CLIENT_TRAFFIC_SECRET_0", keys->tls13_client_appdata},
      {"SERVER_TRAFFIC_SECRET_0", keys->tls13_server_appdata},
  };
  GHashTableIter used;
  gpointer random = nullptr;
  g_hash_table_iter_init(&used, keys->used_crandom);
  while (g_hash_table_iter_next(&used, &random, nullptr) != FALSE) {
    for (const auto& [label, table] : tables) {
      const void* const secret = g_hash_table_lookup(table, random);
      if (secret == nullptr) continue;
      absl::StrAppend(&key_log, label, " ", Hex(random), " ", Hex(secret),
                      "\n");
    }
  }
  return key_log;
}

#endif

}  // namespace

absl::Status ExportTlsSecrets(const QueryContext& context,
                              absl::string_view request, SendResponse send) {
  using Response = schema::ExportTlsSecretsResponse;
  std::string source;
  RETURN_IF_ERROR(ReadRequestField(
      "ExportTlsSecretsRequest", request,
      schema::ExportTlsSecretsRequest::kSource,
      [&source](auto* message) { source = message->get_bytes(); }));
  ASSIGN_OR_RETURN(const std::unique_ptr<AnalysisRun> run,
                   AnalysisRun::Prepare(context, source));
  RETURN_IF_ERROR(run->Run([](absl::string_view) { return absl::OkStatus(); }));
  std::string response;
  protozero::pbf_builder<Response> out(response);
  out.add_bytes(Response::kKeyLog, KeyLog());
  out.add_message(Response::kEnd, run->EndMessage());
  return send(response);
}

}  // namespace dissectd::engine
