// SPDX-License-Identifier: GPL-2.0-or-later

// Connects with TLS as clients do, with certificates of authorities that are
// made for the test.

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "dissectd/v1/file.grpc.pb.h"
#include "tests/e2e/certificates.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/file_contents.h"
#include "tests/e2e/raw_http2.h"
#include "tests/e2e/run_daemon.h"

namespace dissectd {
namespace {

using ::testing::HasSubstr;

constexpr std::chrono::seconds kTimeout(30);

size_t Count(const std::string& text, absl::string_view part) {
  size_t count = 0;
  for (size_t place = text.find(part.data(), 0, part.size());
       place != std::string::npos;
       place = text.find(part.data(), place + 1, part.size())) {
    ++count;
  }
  return count;
}

class TlsTest : public testing::Test {
 protected:
  TlsTest() {
    for (const char* authority : {"ca", "ca2"}) {
      MakeCertificate(authority, "");
      const std::string suffix = authority + 2;
      MakeCertificate("server" + suffix, authority);
      MakeCertificate("client" + suffix, authority);
    }
    Use("server", "server");
    Replace("authorities.pem", ContentsOf(Path("ca.pem")));
  }

  std::string Path(const std::string& name) const {
    return folder_.path() + "/" + name;
  }

  void MakeCertificate(const std::string& name, const std::string& authority) {
    dissectd::MakeCertificate(folder_.path(), name, authority);
  }

  // Replaces a file of the daemon as operators should.
  void Replace(const std::string& name, const std::string& contents) const {
    folder_.Write("new", contents);
    ASSERT_EQ(chmod(Path("new").c_str(), 0600), 0);
    std::filesystem::rename(Path("new"), Path(name));
  }

  // Has the daemon use a certificate and a key.
  void Use(const std::string& certificate, const std::string& key) const {
    Replace("used.pem", ContentsOf(Path(certificate + ".pem")));
    Replace("used.key", ContentsOf(Path(key + ".key")));
  }

  std::vector<std::string> Arguments() const {
    return {"--listen=127.0.0.1:0", "--tls-certificate=" + Path("used.pem"),
            "--tls-key=" + Path("used.key")};
  }

  void Run(const std::vector<std::string>& arguments) {
    // The daemon's log goes to a file.
    daemon_ = std::make_unique<DaemonProcess>(
        arguments, std::vector<std::string>{
                       "sh", "-c", "exec \"$@\" 2>" + Path("log"), "sh"});
    port_ = ListeningPort(daemon_->pid());
    ASSERT_GT(port_, 0);
  }

  void RunWithClientCertificates() {
    std::vector<std::string> arguments = Arguments();
    arguments.push_back("--tls-client-ca=" + Path("authorities.pem"));
    Run(arguments);
  }

  // Returns the status of a call on a connection that trusts the authority, and
  // has the client's certificate, unless that is empty.
  grpc::StatusCode Call(const std::string& authority,
                        const std::string& client = "") const {
    grpc::SslCredentialsOptions options;
    options.pem_root_certs = ContentsOf(Path(authority + ".pem"));
    if (!client.empty()) {
      options.pem_cert_chain = ContentsOf(Path(client + ".pem"));
      options.pem_private_key = ContentsOf(Path(client + ".key"));
    }
    return CallWith(grpc::SslCredentials(options));
  }

  grpc::StatusCode CallWith(
      const std::shared_ptr<grpc::ChannelCredentials>& credentials) const {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    const auto channel = grpc::CreateCustomChannel(
        absl::StrCat("127.0.0.1:", port_), credentials, arguments);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kTimeout);
    v1::ListFilesResponse response;
    return v1::FileService::NewStub(channel)
        ->ListFiles(&context, v1::ListFilesRequest(), &response)
        .error_code();
  }

  std::string Log() const { return ContentsOf(Path("log")); }

  void WaitForLog(const std::string& text) const {
    WaitFor("a line of the log",
            [&] { return Log().find(text) != std::string::npos; });
  }

  const TemporaryFolder folder_;
  std::unique_ptr<DaemonProcess> daemon_;
  int port_ = 0;
};

TEST_F(TlsTest, ClientsVerifyTheDaemon) {
  Run(Arguments());
  EXPECT_EQ(Call("ca"), grpc::OK);
  EXPECT_EQ(Call("ca2"), grpc::UNAVAILABLE);
  EXPECT_EQ(CallWith(grpc::InsecureChannelCredentials()), grpc::UNAVAILABLE);
  // Unix sockets have no TLS.
  EXPECT_TRUE(daemon_->Connect()->WaitForConnected(
      std::chrono::system_clock::now() + kTimeout));
}

TEST_F(TlsTest, TheDaemonVerifiesClients) {
  RunWithClientCertificates();
  EXPECT_EQ(Call("ca", "client"), grpc::OK);
  EXPECT_EQ(Call("ca"), grpc::UNAVAILABLE);
  EXPECT_EQ(Call("ca", "client2"), grpc::UNAVAILABLE);
}

TEST_F(TlsTest, ARemovedAuthorityIsNoLongerTrusted) {
  RunWithClientCertificates();
  ASSERT_EQ(Call("ca", "client"), grpc::OK);
  Replace("authorities.pem", ContentsOf(Path("ca2.pem")));
  WaitForLog("loaded new files for TLS");
  EXPECT_EQ(Call("ca", "client"), grpc::UNAVAILABLE);
  EXPECT_EQ(Call("ca", "client2"), grpc::OK);
}

TEST_F(TlsTest, NewFilesAreLoadedWithoutARestart) {
  Run(Arguments());
  ASSERT_EQ(Call("ca"), grpc::OK);
  Use("server2", "server2");
  WaitForLog("loaded new files for TLS");
  EXPECT_EQ(Call("ca2"), grpc::OK);
  EXPECT_EQ(Call("ca"), grpc::UNAVAILABLE);
}

TEST_F(TlsTest, WrongNewFilesAreReportedOnceAndNotUsed) {
  Run(Arguments());
  // A key of another certificate.
  Replace("used.key", ContentsOf(Path("server2.key")));
  WaitForLog("it isn't the key of the certificate");
  EXPECT_EQ(Call("ca"), grpc::OK);
  std::filesystem::remove(Path("used.pem"));
  WaitForLog("used.pem for TLS: No such file or directory");
  EXPECT_EQ(Call("ca"), grpc::OK);
  Use("server2", "server2");
  WaitForLog("loaded new files for TLS");
  EXPECT_EQ(Call("ca2"), grpc::OK);
  EXPECT_EQ(Count(Log(), "the files before stay in use"), 2u);
}

TEST_F(TlsTest, AKeyThatOthersMayReadIsNotUsed) {
  const std::string too_open =
      "used.key for TLS: it is a private key, and its permissions are too open";
  const std::string key = Path("used.key");
  const TemporaryFolder store;
  for (const mode_t mode : {0604, 0644}) {
    ASSERT_EQ(chmod(key.c_str(), mode), 0);
    const CommandOutput output = RunDaemon(
        "--listen=127.0.0.1:0 --tls-key=" + key +
        " --tls-certificate=" + Path("used.pem") + " --store=" + store.path());
    EXPECT_EQ(output.exit_status, 1);
    EXPECT_THAT(output.text, HasSubstr(too_open));
    EXPECT_THAT(output.text, HasSubstr("chmod o-rwx"));
  }
  // The users of the file's group may read a key, and everyone a certificate.
  ASSERT_EQ(chmod(key.c_str(), 0640), 0);
  ASSERT_EQ(chmod(Path("used.pem").c_str(), 0644), 0);
  Run(Arguments());
  ASSERT_EQ(chmod(Path("server2.key").c_str(), 0644), 0);
  ASSERT_EQ(rename(Path("server2.pem").c_str(), Path("used.pem").c_str()), 0);
  ASSERT_EQ(rename(Path("server2.key").c_str(), key.c_str()), 0);
  WaitForLog(too_open);
  EXPECT_EQ(Call("ca"), grpc::OK);
  ASSERT_EQ(chmod(key.c_str(), 0600), 0);
  WaitForLog("loaded new files for TLS");
  EXPECT_EQ(Call("ca2"), grpc::OK);
}

TEST_F(TlsTest, FailedHandshakesDoNotFillTheLog) {
  Run(Arguments());
  for (int i = 0; i < 100; ++i) {
    const TcpClient client(port_);
    client.Send("This is not TLS, but it is longer than a record's header.");
    EXPECT_TRUE(client.WaitForEnd());
  }
  EXPECT_LE(Count(Log(), ": grpc: "), 10u) << Log();
  EXPECT_EQ(Call("ca"), grpc::OK);
}

// Opening it would wait for a writer for ever.
TEST_F(TlsTest, APipeIsNoFile) {
  const TemporaryFolder store;
  const std::string pipe = folder_.path() + "/pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const CommandOutput output =
      RunDaemon("--tls-certificate=" + pipe + " --tls-key=" + pipe +
                " --store=" + store.path());
  EXPECT_EQ(output.exit_status, 1);
  EXPECT_THAT(output.text, HasSubstr("it isn't a regular file"));
}

TEST_F(TlsTest, WrongFilesAreReportedAtTheStart) {
  const TemporaryFolder store;
  const std::string rest = " --store=" + store.path();
  const std::string certificate = " --tls-certificate=" + Path("server.pem");
  const std::string key = " --tls-key=" + Path("server.key");
  EXPECT_EQ(RunDaemon(certificate + rest).exit_status, 2);
  EXPECT_THAT(RunDaemon(key + rest).text, HasSubstr("--tls-certificate"));
  EXPECT_EQ(RunDaemon("--tls-client-ca=" + Path("ca.pem") + rest).exit_status,
            2);
  EXPECT_THAT(RunDaemon(certificate + " --tls-key=/none" + rest).text,
              HasSubstr("can't use /none for TLS: No such file or directory"));
  EXPECT_THAT(
      RunDaemon(certificate + " --tls-key=" + Path("server.pem") + rest).text,
      HasSubstr("it has no unencrypted key in PEM"));
  EXPECT_THAT(
      RunDaemon(certificate + " --tls-key=" + Path("client.key") + rest).text,
      HasSubstr("it isn't the key of the certificate in"));
  folder_.Write("garbage", "-----BEGIN CERTIFICATE-----\nAAAA\n");
  EXPECT_THAT(RunDaemon(certificate + key +
                        " --tls-client-ca=" + Path("garbage") + rest)
                  .text,
              HasSubstr("garbage for TLS: it has no certificate in PEM"));
}

}  // namespace
}  // namespace dissectd
