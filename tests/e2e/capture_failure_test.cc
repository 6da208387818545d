// SPDX-License-Identifier: GPL-2.0-or-later

// Tests captures that cannot start: invalid requests, and requests that the
// machine cannot satisfy.

#include <gtest/gtest.h>
#include <sys/capability.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "server/base/capabilities_ptr.h"
#include "tests/e2e/capture_client.h"
#include "tests/e2e/capture_faults.h"
#include "tests/e2e/capture_fixture.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/network_namespace.h"

namespace dissectd {
namespace {

using grpc::StatusCode;

class CaptureFailureTest : public CaptureFixture {
 protected:
  using CaptureFixture::CaptureFixture;

  // Expects that a changed CaptureOf("lo") is refused and leaves nothing
  // behind.
  v1::Failure ExpectRefused(
      const std::function<void(v1::CaptureOptions*)>& change, StatusCode code,
      const std::string& reason) {
    v1::CaptureOptions options = CaptureOf("lo");
    change(&options);
    SCOPED_TRACE(options.ShortDebugString());
    const grpc::Status status = client().TryCreate(options);
    ExpectError(status, code, reason);
    EXPECT_TRUE(client().List().empty());
    EXPECT_TRUE(DumpcapsOf(daemon().pid()).empty());
    const std::string captures = daemon().store().path() + "/captures";
    EXPECT_TRUE(!std::filesystem::exists(captures) ||
                std::filesystem::is_empty(captures));
    return status.ok() ? v1::Failure() : FailureOf(status);
  }

  // Expects that an invalid option is refused by its name.
  void ExpectInvalid(const std::string& option,
                     const std::function<void(v1::CaptureOptions*)>& change) {
    const v1::Failure detail = ExpectRefused(
        change, StatusCode::INVALID_ARGUMENT, "CAPTURE_OPTION_INVALID");
    EXPECT_EQ(detail.metadata().count("option"), 1u);
    if (detail.metadata().count("option") == 1) {
      EXPECT_EQ(detail.metadata().at("option"), option);
    }
  }
};

TEST_F(CaptureFailureTest, NamesTheInterfaceThatIsNotThere) {
  const std::string names[] = {"nosuch",
                               "-",
                               "--version",
                               "TCP@127.0.0.1:1",
                               "rpcap://127.0.0.1/lo",
                               "1",
                               " 1",
                               "+1",
                               "",
                               std::string("lo\0", 3),
                               std::string("lo\0x", 4),
                               "lo\n",
                               "/tmp/pipe",
                               "lo/../eth0",
                               std::string(300, 'x')};
  for (const std::string& name : names) {
    ExpectRefused(
        [&](v1::CaptureOptions* options) {
          options->mutable_interfaces(0)->set_name(name);
        },
        StatusCode::NOT_FOUND, "INTERFACE_NOT_FOUND");
  }
  ExpectServing(daemon());
}

// dumpcap takes names that are not interfaces for paths of pipes.
TEST_F(CaptureFailureTest, OpensNoPipeByARelativePath) {
  const TemporaryFolder folder;
  const std::string pipe = folder.path() + "/pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  ExpectRefused(
      [&](v1::CaptureOptions* options) {
        options->mutable_interfaces(0)->set_name(
            std::filesystem::relative(pipe));
      },
      StatusCode::NOT_FOUND, "INTERFACE_NOT_FOUND");
}

TEST_F(CaptureFailureTest, NamesTheFilterThatDoesNotCompile) {
  for (const char* filter :
       {"foo bar", "tcp port", "-d", "udp and (", "port 99999"}) {
    const v1::Failure detail = ExpectRefused(
        [&](v1::CaptureOptions* options) {
          *options->add_interfaces() = options->interfaces(0);
          options->mutable_interfaces(1)->set_capture_filter(filter);
        },
        StatusCode::INVALID_ARGUMENT, "CAPTURE_FILTER_INVALID");
    EXPECT_EQ(detail.metadata().at("interface_index"), "1");
  }
  ExpectServing(daemon());
}

TEST_F(CaptureFailureTest, RefusesOptionsThatContradictEachOther) {
  ExpectInvalid("interfaces",
                [](v1::CaptureOptions* o) { o->clear_interfaces(); });
  ExpectInvalid("ring",
                [](v1::CaptureOptions* o) { o->mutable_ring()->set_files(2); });
  ExpectInvalid("stop.files",
                [](v1::CaptureOptions* o) { o->mutable_stop()->set_files(2); });
  ExpectInvalid("comment", [](v1::CaptureOptions* o) {
    o->set_comment("text");
    o->mutable_ring()->set_packets(10);
  });
  ExpectInvalid("comment", [](v1::CaptureOptions* o) {
    o->set_comment("text");
    o->set_format(v1::CAPTURE_FORMAT_PCAP);
  });
  ExpectInvalid("format", [](v1::CaptureOptions* o) {
    *o->add_interfaces() = o->interfaces(0);
    o->set_format(v1::CAPTURE_FORMAT_PCAP);
  });
  ExpectServing(daemon());
}

TEST_F(CaptureFailureTest, RefusesNumbersThatAreTooLarge) {
  ExpectInvalid("interfaces", [](v1::CaptureOptions* o) {
    while (o->interfaces_size() < 65) *o->add_interfaces() = o->interfaces(0);
  });
  ExpectInvalid("snapshot_length", [](v1::CaptureOptions* o) {
    o->mutable_interfaces(0)->set_snapshot_length(262'145);
  });
  ExpectInvalid("buffer_mib", [](v1::CaptureOptions* o) {
    o->mutable_interfaces(0)->set_buffer_mib(1025);
  });
  ExpectInvalid("stop.packets", [](v1::CaptureOptions* o) {
    o->mutable_stop()->set_packets(uint64_t{1} << 31);
  });
  ExpectInvalid("stop.file_size_kb", [](v1::CaptureOptions* o) {
    o->mutable_stop()->set_file_size_kb(2'000'001);
  });
  ExpectInvalid("stop.duration", [](v1::CaptureOptions* o) {
    o->mutable_stop()->mutable_duration()->set_seconds(int64_t{1} << 31);
  });
  ExpectInvalid("stop.duration", [](v1::CaptureOptions* o) {
    o->mutable_stop()->mutable_duration()->set_seconds(-1);
  });
  ExpectInvalid("stop.duration", [](v1::CaptureOptions* o) {
    o->mutable_stop()->mutable_duration();
  });
  ExpectInvalid("ring.files", [](v1::CaptureOptions* o) {
    o->mutable_ring()->set_files(100'001);
    o->mutable_ring()->set_packets(1);
  });
  ExpectInvalid("ring.packets", [](v1::CaptureOptions* o) {
    o->mutable_ring()->set_packets(uint64_t{1} << 31);
  });
  ExpectInvalid("ring.file_size_kb", [](v1::CaptureOptions* o) {
    o->mutable_ring()->set_file_size_kb(UINT64_MAX);
  });
  ExpectInvalid("buffered_packets", [](v1::CaptureOptions* o) {
    o->set_buffered_packets(UINT32_MAX);
  });
  ExpectInvalid("buffered_bytes", [](v1::CaptureOptions* o) {
    o->set_buffered_bytes(UINT32_MAX);
  });
  ExpectServing(daemon());
}

TEST_F(CaptureFailureTest, RefusesTextThatACommandLineCanNotHave) {
  const std::string text("a\0b", 3);
  ExpectInvalid("capture_filter", [&](v1::CaptureOptions* o) {
    o->mutable_interfaces(0)->set_capture_filter(text);
  });
  ExpectInvalid("link_type", [&](v1::CaptureOptions* o) {
    o->mutable_interfaces(0)->set_link_type(text);
  });
  ExpectInvalid("timestamp_type", [&](v1::CaptureOptions* o) {
    o->mutable_interfaces(0)->set_timestamp_type(text);
  });
  ExpectInvalid("comment",
                [&](v1::CaptureOptions* o) { o->set_comment(text); });
}

TEST_F(CaptureFailureTest, RefusesFileNamesThatLeadElsewhere) {
  for (const std::string& name :
       {std::string("a/b"), std::string("/tmp/a"), std::string(".."),
        std::string("../a"), std::string("."), std::string(".capture"),
        std::string("a\0b", 3), std::string(256, 'x')}) {
    ExpectRefused(
        [&](v1::CaptureOptions* options) { options->set_file_name(name); },
        StatusCode::INVALID_ARGUMENT, "FILE_NAME_INVALID");
  }
  ExpectServing(daemon());
}

TEST_F(CaptureFailureTest, SaysWhatAnInterfaceCanNotDo) {
  for (const char* type : {"IEEE802_11", "NOSUCH", "-1"}) {
    ExpectRefused(
        [&](v1::CaptureOptions* options) {
          options->mutable_interfaces(0)->set_link_type(type);
        },
        StatusCode::FAILED_PRECONDITION, "LINK_TYPE_UNSUPPORTED");
  }
  ExpectRefused(
      [](v1::CaptureOptions* options) {
        options->mutable_interfaces(0)->set_monitor_mode(true);
      },
      StatusCode::FAILED_PRECONDITION, "MONITOR_MODE_UNSUPPORTED");
  ExpectRefused(
      [](v1::CaptureOptions* options) {
        options->mutable_interfaces(0)->set_timestamp_type("nosuch");
      },
      StatusCode::INVALID_ARGUMENT, "CAPTURE_OPTION_INVALID");
  ExpectServing(daemon());
}

TEST_F(CaptureFailureTest, SaysThatThereIsNoWifiToChange) {
  ExpectRefused(
      [](v1::CaptureOptions* options) {
        options->mutable_interfaces(0)->mutable_wifi_channel();
      },
      StatusCode::INVALID_ARGUMENT, "CAPTURE_OPTION_INVALID");
  for (const char* type : {"", "HT20", "NOSUCH"}) {
    ExpectRefused(
        [&](v1::CaptureOptions* options) {
          v1::WifiChannel* channel =
              options->mutable_interfaces(0)->mutable_wifi_channel();
          channel->set_frequency_mhz(2412);
          channel->set_type(type);
        },
        StatusCode::FAILED_PRECONDITION, "WIFI_CHANNEL_UNSUPPORTED");
  }
  ExpectServing(daemon());
}

class OneCaptureTest : public CaptureFailureTest {
 protected:
  OneCaptureTest() : CaptureFailureTest({"--max-captures=1"}) {}
};

TEST_F(OneCaptureTest, RefusesMoreThanTheLimit) {
  const v1::Capture first = client().Create(CaptureOf("lo"));
  ExpectError(client().TryCreate(CaptureOf("lo")),
              StatusCode::RESOURCE_EXHAUSTED, "TOO_MANY_CAPTURES");
  EXPECT_EQ(client().List().size(), 1u);
  EXPECT_EQ(DumpcapsOf(daemon().pid()).size(), 1u);
  client().Stop(first.name());
  // Captures that have ended or failed do not count.
  ExpectError(client().TryCreate(CaptureOf("nosuch")), StatusCode::NOT_FOUND,
              "INTERFACE_NOT_FOUND");
  ExpectServing(daemon());
}

class OneCaptureOfACallerTest : public CaptureFailureTest {
 protected:
  OneCaptureOfACallerTest()
      : CaptureFailureTest({"--max-captures-per-principal=1"}) {}
};

TEST_F(OneCaptureOfACallerTest, RefusesMoreThanTheLimit) {
  const v1::Capture first = client().Create(CaptureOf("lo"));
  ExpectError(client().TryCreate(CaptureOf("lo")),
              StatusCode::RESOURCE_EXHAUSTED, "TOO_MANY_CAPTURES_OF_CALLER");
  client().Stop(first.name());
  // Captures that have ended or failed do not count.
  ExpectError(client().TryCreate(CaptureOf("nosuch")), StatusCode::NOT_FOUND,
              "INTERFACE_NOT_FOUND");
  client().Stop(client().Create(CaptureOf("lo")).name());
}

TEST(UnprivilegedCaptureTest, SaysWhatToGrant) {
  if (!EnterPrivateNetwork()) {
    GTEST_SKIP() << "the kernel forbids network namespaces";
  }
  const UnprivilegedDaemon daemon;
  const CaptureClient client(daemon.channel());
  const grpc::Status created = client.TryCreate(CaptureOf("lo"));
  v1::GetInterfaceCapabilitiesRequest capabilities;
  capabilities.set_interface("lo");
  v1::GetInterfaceCapabilitiesResponse no_capabilities;
  const grpc::Status asked =
      client.Call(&v1::CaptureService::Stub::GetInterfaceCapabilities,
                  capabilities, &no_capabilities);
  grpc::ClientContext context;
  CaptureClient::SetDeadline(&context);
  const auto reader = client.stub()->WatchInterfaceStatistics(
      &context, v1::WatchInterfaceStatisticsRequest());
  v1::WatchInterfaceStatisticsResponse statistics;
  while (reader->Read(&statistics)) {
  }
  for (const grpc::Status& status : {created, asked, reader->Finish()}) {
    ExpectError(status, StatusCode::FAILED_PRECONDITION,
                "CAPTURE_NOT_PERMITTED");
    for (const std::string& part :
         {std::string("CAP_NET_RAW"), std::string("CAP_NET_ADMIN"),
          "setcap cap_net_raw,cap_net_admin=ep " + daemon.dumpcap()}) {
      EXPECT_NE(status.error_message().find(part), std::string::npos)
          << part << " is not in " << status.error_message();
    }
  }
  EXPECT_TRUE(client.List().empty());
  EXPECT_TRUE(std::filesystem::is_empty(daemon.store().path() + "/captures"));
  EXPECT_TRUE(DumpcapsOf(daemon.pid()).empty());
  // Calls that need no rights still work.
  v1::ListInterfacesResponse interfaces;
  EXPECT_TRUE(client
                  .Call(&v1::CaptureService::Stub::ListInterfaces,
                        v1::ListInterfacesRequest(), &interfaces)
                  .ok());
  EXPECT_GT(interfaces.interfaces_size(), 0);
}

TEST(UnprivilegedCaptureTest, SaysWhichGroupMayExecuteDumpcap) {
  const UnprivilegedDaemon daemon;
  ASSERT_EQ(chown(daemon.dumpcap().c_str(), 0, 0), 0);
  ASSERT_EQ(chmod(daemon.dumpcap().c_str(), 0750), 0);
  const CaptureClient client(daemon.channel());
  const grpc::Status status = client.TryCreate(CaptureOf("lo"));
  ExpectError(status, StatusCode::FAILED_PRECONDITION, "CAPTURE_NOT_PERMITTED");
  EXPECT_EQ(status.error_message(),
            "The server may not execute \"" + daemon.dumpcap() +
                "\", which captures packets: only members of the group "
                "\"root\" may, and the daemon's user \"nobody\" isn't one. "
                "Run: usermod --append --groups root nobody; then restart the "
                "daemon.");
  // Once that is mended, only the capabilities are missing.
  ASSERT_EQ(chmod(daemon.dumpcap().c_str(), 0755), 0);
  EXPECT_NE(client.TryCreate(CaptureOf("lo"))
                .error_message()
                .find("dumpcap lacks CAP_NET_RAW"),
            std::string::npos);
}

TEST(UnprivilegedCaptureTest, SaysWhoseBitsForbidDumpcap) {
  const UnprivilegedDaemon daemon;
  ASSERT_EQ(chmod(daemon.dumpcap().c_str(), 0644), 0);
  const CaptureClient client(daemon.channel());
  const grpc::Status status = client.TryCreate(CaptureOf("lo"));
  ExpectError(status, StatusCode::FAILED_PRECONDITION, "CAPTURE_NOT_PERMITTED");
  EXPECT_NE(status.error_message().find("its permissions, or those of its "
                                        "folder, don't allow it"),
            std::string::npos)
      << status.error_message();
}

// In a container without the capabilities, the kernel doesn't execute a dumpcap
// that has them.
TEST(UnprivilegedCaptureTest, SaysThatTheContainerLacksCapabilities) {
  const UnprivilegedDaemon daemon(CaptureRights::kUnavailable);
  const server::CapabilitiesPtr both(
      cap_from_text("cap_net_raw,cap_net_admin=ep"));
  if (cap_set_file(daemon.dumpcap().c_str(), both.get()) != 0) {
    ASSERT_EQ(errno, ENOTSUP);
    GTEST_SKIP() << "the file system keeps no capabilities";
  }
  const CaptureClient client(daemon.channel());
  const grpc::Status status = client.TryCreate(CaptureOf("lo"));
  ExpectError(status, StatusCode::FAILED_PRECONDITION, "CAPTURE_NOT_PERMITTED");
  for (const char* part : {"the program has CAP_NET_RAW and CAP_NET_ADMIN, "
                           "which the server's environment doesn't allow",
                           "--cap-add=NET_RAW --cap-add=NET_ADMIN"}) {
    EXPECT_NE(status.error_message().find(part), std::string::npos)
        << status.error_message();
  }
}

// Without CAP_NET_RAW there is nothing to capture from, whatever other
// capabilities there are.
TEST(UnprivilegedCaptureTest, SaysWhichCapabilityIsMissing) {
  if (!EnterPrivateNetwork()) {
    GTEST_SKIP() << "the kernel forbids network namespaces";
  }
  const UnprivilegedDaemon daemon;
  const server::CapabilitiesPtr admin_only(cap_from_text("cap_net_admin=ep"));
  if (cap_set_file(daemon.dumpcap().c_str(), admin_only.get()) != 0) {
    ASSERT_EQ(errno, ENOTSUP);
    GTEST_SKIP() << "the file system keeps no capabilities";
  }
  const CaptureClient client(daemon.channel());
  const grpc::Status status = client.TryCreate(CaptureOf("lo"));
  ExpectError(status, StatusCode::FAILED_PRECONDITION, "CAPTURE_NOT_PERMITTED");
  EXPECT_NE(status.error_message().find("dumpcap lacks CAP_NET_RAW. "),
            std::string::npos)
      << status.error_message();
}

}  // namespace
}  // namespace dissectd
