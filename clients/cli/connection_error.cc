// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/connection_error.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"

namespace dissectd::cli {
namespace {

constexpr absl::string_view kOtherServer =
    "Name another one with --server=HOST:PORT or the variable DISSECTD_SERVER.";

struct Server {
  std::string name = "the server";
  Transport transport = Transport::kUnixSocket;
  ServerKind kind = ServerKind::kDaemon;
};

Server& TheServer() {
  static auto& server = *new Server();
  return server;
}

// Returns the last part of gRPC's message, which is the cause.
absl::string_view CauseOf(absl::string_view error) {
  const size_t colon = error.rfind(": ");
  return colon == absl::string_view::npos ? error : error.substr(colon + 2);
}

// A failure of TLS: what gRPC's message has in it, and what it means.
struct TlsFailure {
  absl::string_view sign;
  // $0 is the daemon's address.
  absl::string_view text;
};

constexpr TlsFailure kTlsFailures[] = {
    {"certificate verify failed",
     "The certificate of the daemon at $0 isn't trusted: no authority that you "
     "trust has signed it, or it has expired.\n"
     "Name its authority with --tls-ca=FILE or the variable DISSECTD_TLS_CA."},
    {"is not in peer certificate",
     "The certificate of the daemon at $0 is for another name.\n"
     "Give the name that it has with --tls-server-name=NAME, if that is the "
     "daemon you mean."},
    {"wrong version number",
     "The daemon at $0 doesn't speak TLS.\n"
     "Leave out the options and variables about TLS, or name another one with "
     "--server=HOST:PORT."},
    // gRPC doesn't say more about files that it can't use.
    {"empty address list",
     "Can't use the files for TLS to connect to $0.\n"
     "Check that they are whole, and that the key has no password and is that "
     "of the certificate."},
};

// Returns what may be wrong if the daemon accepts a connection, and closes it
// before it says anything. With TLS 1.3, that is all that a client learns if
// its certificate is refused.
absl::string_view ReasonToClose(Transport transport) {
  switch (transport) {
    case Transport::kUnixSocket:
      return "It may have too many connections, or not be dissectd.";
    case Transport::kPlaintext:
      return "If it speaks TLS, give --tls-ca=FILE or --tls. Otherwise it may "
             "have too many connections, or not be dissectd.";
    case Transport::kTls:
      return "If it wants a certificate from you, give --tls-certificate=FILE "
             "and --tls-key=FILE. Otherwise it may have too many connections.";
    case Transport::kTlsWithCertificate:
      return "It may not trust your certificate: ask its operator which "
             "authorities it trusts. Otherwise it may have too many "
             "connections.";
  }
  return "";
}

bool IsClosed(absl::string_view cause) {
  return cause == "Socket closed" ||
         absl::StrContains(cause, "Connection reset") ||
         absl::StrContains(cause, "Broken pipe");
}

// Returns the message if no connection could be made.
std::string NotConnectedText(absl::string_view cause) {
  const auto& [name, transport, kind] = TheServer();
  if (IsClosed(cause)) {
    return absl::StrCat("The daemon at ", name,
                        " closes the connection at once.\n",
                        ReasonToClose(transport));
  }
  if (transport == Transport::kUnixSocket && cause == "Permission denied") {
    return absl::StrCat("You may not use the socket ", name,
                        " (permission denied).\n"
                        "Ask the daemon's operator to let you, such as by "
                        "membership of the socket's group.");
  }
  const bool is_fleet = kind == ServerKind::kFleet;
  return absl::StrCat(
      "No ", is_fleet ? "fleet" : "daemon", " answers at ", name, ": ", cause,
      ".\nStart one with: ",
      is_fleet ? "dissectd-fleet --nodes=FILE" : "dissectd --store=DIR", "\n",
      kOtherServer);
}

bool UsesTls() {
  return TheServer().transport == Transport::kTls ||
         TheServer().transport == Transport::kTlsWithCertificate;
}

}  // namespace

void SetServer(absl::string_view name, Transport transport, ServerKind kind) {
  TheServer() = {std::string(name), transport, kind};
}

std::string ConnectionErrorText(absl::string_view error) {
  const std::string& server = TheServer().name;
  const absl::string_view cause = CauseOf(error);
  if (absl::StrContains(error, "DNS resolution failed")) {
    return absl::StrCat("The name of the host in ", server,
                        " can't be resolved: ", cause, ".\n", kOtherServer);
  }
  for (const TlsFailure& failure : kTlsFailures) {
    if (UsesTls() && absl::StrContains(error, failure.sign)) {
      return absl::Substitute(failure.text, server);
    }
  }
  if (absl::StrContains(absl::AsciiStrToLower(error), "failed to connect")) {
    return NotConnectedText(cause);
  }
  return absl::StrCat("The connection to the daemon at ", server,
                      " has ended: ", cause, ".");
}

}  // namespace dissectd::cli
