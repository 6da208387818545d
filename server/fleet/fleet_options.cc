// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/fleet/fleet_options.h"

#include <optional>

#include "server/fleet/node_list.h"
#include "server/options/options.h"
#include "server/options/parse_options.h"
#include "server/version.h"

namespace dissectd::server {
namespace {

constexpr uint64_t kMinStreamBuffer = uint64_t{1} << 20;

bool IdentifiesCallers(const IdentityConfig& config) {
  return !config.token_file.empty() || !config.jwt_keys.empty() ||
         config.certificates || config.unix_users;
}

void AddNodeOptions(CLI::App* app, NodeSourceConfig* config) {
  CLI::Option* file =
      app->add_option("--nodes", config->file,
                      "File with the nodes: lines NAME ADDRESS, or ADDRESS; "
                      "read again when it changes")
          ->type_name("FILE");
  CLI::Option* dns =
      app->add_option("--nodes-dns", config->dns,
                      "What DNS is asked for nodes: HOST:PORT for all "
                      "addresses of a host, or srv:NAME for SRV records")
          ->check(CLI::Validator(CheckDnsQuery, ""))
          ->type_name("QUERY");
  file->excludes(dns);
  AddSeconds(app, "--nodes-dns-interval", &config->dns_interval,
             "Seconds between two questions to DNS", 1);
}

void AddConnectionOptions(CLI::App* app, NodeConnectionConfig* config) {
  CLI::Option* authorities =
      app->add_option("--node-ca", config->authorities,
                      "Authorities of the nodes' certificates, in PEM")
          ->type_name("FILE");
  CLI::Option* certificate =
      app->add_option("--node-certificate", config->certificate,
                      "Certificate that nodes see of the fleet, in PEM")
          ->type_name("FILE")
          ->needs(authorities);
  CLI::Option* key = app->add_option("--node-key", config->key,
                                     "Key of this certificate, in PEM")
                         ->type_name("FILE");
  certificate->needs(key);
  key->needs(certificate);
  app->add_option("--node-server-name", config->server_name,
                  "Name that all nodes have in their certificates, if not "
                  "the host of their address")
      ->type_name("NAME")
      ->needs(authorities);
  app->add_option("--node-token-file", config->token_file,
                  "File with the fleet's own token for nodes, for a fleet "
                  "that doesn't identify its callers")
      ->type_name("FILE");
  app->add_flag("--insecure-plaintext-to-nodes", config->insecure_plaintext,
                "Call nodes without TLS. DANGEROUS: anyone between can read "
                "and change everything")
      ->excludes(authorities);
  AddSeconds(app, "--node-timeout", &config->timeout,
             "Seconds that a node has to answer a call that isn't a stream", 1);
}

void AddLimits(CLI::App* app, FleetConfig* config) {
  AddLimit(app, "--max-calls", &config->max_calls, 1'000'000,
           "Limit of concurrent calls");
  AddLimit(app, "--max-calls-per-principal", &config->max_calls_per_principal,
           1'000'000, "Limit of concurrent calls of one caller");
  AddCallRate(app, &config->calls_per_second);
  AddSize(app, "--stream-buffer", &config->stream_buffer_bytes,
          "Limit of memory for the frames of one node in one call",
          {kMinStreamBuffer});
  AddReaderTimeout(app, &config->reader_timeout);
  AddStopOptions(app, &config->transport.lame_duck, &config->drain_timeout);
}

// Throws an error if options are missing, or make each other unsafe.
void Check(const FleetConfig& config) {
  if (config.nodes.file.empty() && config.nodes.dns.empty()) {
    throw CLI::RequiredError("--nodes=FILE or --nodes-dns=QUERY");
  }
  const NodeConnectionConfig& connections = config.connections;
  if (connections.authorities.empty() && !connections.insecure_plaintext) {
    throw CLI::RequiredError(
        "--node-ca=FILE, or --insecure-plaintext-to-nodes,");
  }
  // A node takes the token's owner for the caller, whomever the fleet names.
  if (!connections.token_file.empty() && IdentifiesCallers(config.identity)) {
    throw CLI::ExcludesError(
        "--node-token-file",
        "an option that identifies callers: all of them would have the rights "
        "of the token. Use --node-certificate, and --trusted-proxy at the "
        "nodes");
  }
}

}  // namespace

std::unique_ptr<CLI::App> MakeFleetOptions(FleetConfig* config,
                                           std::string* log_format) {
  auto app = std::make_unique<CLI::App>(
      "Serves the daemons of many machines as one to gRPC clients.",
      "dissectd-fleet");
  AddCommonOptions(app.get(), kVersion);
  AddNodeOptions(app.get(), &config->nodes);
  AddConnectionOptions(app.get(), &config->connections);
  AddLogOptions(app.get(), &config->log, log_format);
  AddMetricsOptions(app.get(), &config->metrics_listen);
  AddLimits(app.get(), config);
  AddTransportOptions(app.get(), &config->transport);
  app->get_option("--listen")->default_str(kDefaultFleetAddress);
  AddIdentityOptions(app.get(), &config->identity);
  app->footer(
      "Examples:\n"
      "  dissectd-fleet --nodes=nodes --insecure-plaintext-to-nodes\n"
      "  dissectd-fleet --nodes-dns=dissectd-agents:50051 --node-ca=ca.pem\n"
      "  dissectd-fleet --config=/etc/dissectd/fleet.conf");
  return app;
}

std::optional<int> ParseFleetConfig(int argc, char** argv,
                                    FleetConfig* config) {
  std::string log_format = "text";
  const std::unique_ptr<CLI::App> app = MakeFleetOptions(config, &log_format);
  if (const std::optional<int> exit_status =
          ParseOptions(app.get(), argc, argv, [config] { Check(*config); })) {
    return exit_status;
  }
  config->log.format = LogFormatOf(log_format);
  LetUsersConnect(*app, config->identity, &config->transport);
  return std::nullopt;
}

}  // namespace dissectd::server
