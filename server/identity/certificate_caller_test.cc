// SPDX-License-Identifier: GPL-2.0-or-later

// Tests what gRPC tells about real client certificates.

#include "server/identity/certificate_caller.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "dissectd/v1/server.grpc.pb.h"
#include "server/identity/testing/certificate_maker.h"

namespace dissectd::server {
namespace {

// Answers with the caller, `nobody` or the error.
class CallerService final : public v1::ServerService::Service {
 public:
  grpc::Status GetServerInfo(grpc::ServerContext* context,
                             const v1::GetServerInfoRequest*,
                             v1::GetServerInfoResponse* response) override {
    const auto caller = CertificateCaller(*context->auth_context());
    if (!caller.ok()) {
      response->set_version(std::string(caller.status().message()));
    } else {
      response->set_version(caller->has_value() ? (*caller)->id : "nobody");
    }
    return grpc::Status::OK;
  }
};

class CertificateCallerTest : public testing::Test {
 protected:
  CertificateCallerTest() {
    const IssuedCertificate own = maker_.Issue("", "DNS:localhost");
    // Clients may have a certificate, which is verified then.
    grpc::SslServerCredentialsOptions options(
        GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_AND_VERIFY);
    options.pem_root_certs = maker_.Root();
    options.pem_key_cert_pairs = {{own.key, own.certificate}};
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::SslServerCredentials(options),
                             &port_);
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                             &insecure_port_);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
  }

  ~CertificateCallerTest() override {
    server_->Shutdown(std::chrono::system_clock::now());
    server_->Wait();
  }

  static std::string Ask(
      int port, const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
    grpc::ChannelArguments arguments;
    arguments.SetSslTargetNameOverride("localhost");
    const auto stub = v1::ServerService::NewStub(grpc::CreateCustomChannel(
        absl::StrCat("127.0.0.1:", port), credentials, arguments));
    grpc::ClientContext context;
    v1::GetServerInfoResponse response;
    const grpc::Status status =
        stub->GetServerInfo(&context, v1::GetServerInfoRequest(), &response);
    return status.ok() ? response.version() : status.error_message();
  }

  std::string Caller(const IssuedCertificate& client) const {
    return Ask(port_, grpc::SslCredentials(
                          {maker_.Root(), client.key, client.certificate}));
  }

  const CertificateMaker maker_;
  CallerService service_;
  int port_ = 0;
  int insecure_port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

TEST_F(CertificateCallerTest, TheNameIsInTheCertificate) {
  EXPECT_EQ(
      Caller(maker_.Issue("alice", "DNS:host.example,URI:spiffe://lab/alice")),
      "certificate:spiffe://lab/alice");
  EXPECT_EQ(Caller(maker_.Issue("alice", "DNS:host.example,DNS:other.example")),
            "certificate:host.example");
  EXPECT_EQ(Caller(maker_.Issue("alice", "")), "certificate:alice");
}

TEST_F(CertificateCallerTest, ANameThatIsNotPlainIsRefused) {
  EXPECT_EQ(Caller(maker_.Issue("Alice Smith", "")),
            "The client's certificate has no plain name.");
  EXPECT_EQ(Caller(maker_.Issue("", "email:alice@example")),
            "The client's certificate has no plain name.");
}

TEST_F(CertificateCallerTest, AClientWithoutACertificateHasNoName) {
  EXPECT_EQ(Ask(port_, grpc::SslCredentials({maker_.Root(), "", ""})),
            "nobody");
  EXPECT_EQ(Ask(insecure_port_, grpc::InsecureChannelCredentials()), "nobody");
}

TEST_F(CertificateCallerTest, AnotherAuthorityNamesNobody) {
  const std::string answer = Caller(CertificateMaker().Issue("alice", ""));
  EXPECT_NE(answer, "certificate:alice");
  EXPECT_NE(answer, "nobody");
}

}  // namespace
}  // namespace dissectd::server
