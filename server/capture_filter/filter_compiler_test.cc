// SPDX-License-Identifier: GPL-2.0-or-later

// Compares the output of the real capture-filter-compiler with dumpcap's, and
// checks which packets the filters accept.

#include "server/capture_filter/filter_compiler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pcap/pcap.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/base/error.h"
#include "dissectd/v1/common.pb.h"
#include "server/dumpcap/dumpcap.h"

namespace dissectd::server {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kProgram[] = "server/capture_filter/capture-filter-compiler";
constexpr uint32_t kWholePacket = 262144;

v1::CompileCaptureFilterRequest RequestFor(absl::string_view filter) {
  v1::CompileCaptureFilterRequest request;
  request.set_filter(std::string(filter));
  return request;
}

std::string ReasonOf(const absl::Status& status) {
  v1::Failure failure;
  failure.ParseFromString(SerializeFailure(status));
  return failure.reason();
}

// Returns `port 1 or port 2 or ...`, with about this number of bytes.
std::string ManyPorts(size_t bytes) {
  std::string filter = "port 1";
  for (int port = 2; filter.size() < bytes; ++port) {
    absl::StrAppend(&filter, " or port ", port);
  }
  return filter;
}

std::string Repeat(absl::string_view text, size_t count) {
  std::string all;
  for (size_t i = 0; i < count; ++i) absl::StrAppend(&all, text);
  return all;
}

// Returns the result of the filter program for a packet: the number of bytes to
// keep.
uint32_t RunOn(const v1::CompileCaptureFilterResponse& response,
               const std::string& packet) {
  std::vector<bpf_insn> program;
  for (const v1::BpfInstruction& instruction : response.instructions()) {
    program.push_back({static_cast<uint16_t>(instruction.code()),
                       static_cast<uint8_t>(instruction.jump_true()),
                       static_cast<uint8_t>(instruction.jump_false()),
                       instruction.operand()});
  }
  const auto size = static_cast<uint32_t>(packet.size());
  return bpf_filter(program.data(),
                    reinterpret_cast<const uint8_t*>(packet.data()), size,
                    size);
}

class FilterCompilerTest : public testing::Test {
 protected:
  absl::StatusOr<v1::CompileCaptureFilterResponse> Compile(
      const v1::CompileCaptureFilterRequest& request,
      const std::string& program = kProgram,
      const CommandRunner::Asker& asker = {}) {
    FilterCompiler compiler(&runner_, program);
    v1::CompileCaptureFilterResponse response;
    std::optional<absl::Status> end;
    compiler.Compile(asker, request, &response,
                     [&end](const absl::Status& status) { end = status; });
    RunLoop();
    if (!end.has_value()) return absl::UnknownError("the call has no end");
    if (!end->ok()) return *end;
    return response;
  }

  v1::CompileCaptureFilterResponse Answer(
      const v1::CompileCaptureFilterRequest& request) {
    const auto answer = Compile(request);
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.value_or(v1::CompileCaptureFilterResponse());
  }

  v1::CompileCaptureFilterResponse Answer(absl::string_view filter) {
    return Answer(RequestFor(filter));
  }

  // Compiles as for an interface.
  v1::CompileCaptureFilterResponse AnswerForLoopback(absl::string_view filter) {
    v1::CompileCaptureFilterRequest request = RequestFor(filter);
    request.set_interface("lo");
    FilterCompiler compiler(&runner_, kProgram);
    v1::CompileCaptureFilterResponse response;
    compiler.CompileFor(
        {}, "EN10MB", request, &response,
        [](const absl::Status& status) { EXPECT_TRUE(status.ok()) << status; });
    RunLoop();
    return response;
  }

  absl::StatusOr<std::string> AskDumpcap(
      const std::vector<std::string>& arguments) {
    Dumpcap dumpcap(&runner_, "dumpcap");
    absl::StatusOr<std::string> answer = absl::UnknownError("no answer");
    dumpcap.Query(arguments, {}, [&answer](absl::StatusOr<std::string> out) {
      answer = std::move(out);
    });
    RunLoop();
    return answer;
  }

  void RunLoop() {
    context_.restart();
    context_.run();
  }

  asio::io_context context_;
  CommandRunner runner_{&context_, 4};
};

TEST_F(FilterCompilerTest, AnswersWithTheProgramAsTextAndAsNumbers) {
  const auto answer = Answer("ip");
  EXPECT_TRUE(answer.valid());
  EXPECT_THAT(answer.message(), IsEmpty());
  EXPECT_EQ(answer.listing(),
            "(000) ldh      [12]\n"
            "(001) jeq      #0x800           jt 2\tjf 3\n"
            "(002) ret      #262144\n"
            "(003) ret      #0\n");
  ASSERT_EQ(answer.instructions_size(), 4);
  EXPECT_EQ(answer.instructions(1).code(),
            static_cast<uint32_t>(BPF_JMP | BPF_JEQ | BPF_K));
  EXPECT_EQ(answer.instructions(1).jump_true(), 0);
  EXPECT_EQ(answer.instructions(1).jump_false(), 1);
  EXPECT_EQ(answer.instructions(1).operand(), 0x800);
  EXPECT_EQ(answer.link_type().number(), DLT_EN10MB);
  EXPECT_EQ(answer.link_type().name(), "EN10MB");
  EXPECT_EQ(answer.link_type().description(), "Ethernet");
}

TEST_F(FilterCompilerTest, EmptyFilterPassesAll) {
  const auto answer = Answer("");
  EXPECT_TRUE(answer.valid());
  EXPECT_EQ(answer.listing(), "(000) ret      #262144\n");
  EXPECT_EQ(RunOn(answer, "any"), kWholePacket);
}

struct LinkCase {
  const char* link_type;
  int number;
  // The bytes before the IPv4 header, and the same bytes with another protocol.
  std::string ipv4;
  std::string other;
};

TEST_F(FilterCompilerTest, ProgramsDecideByTheHeaderOfTheirLinkType) {
  const std::string radio("\0\0\x08\0\0\0\0\0", 8);
  const std::string data = std::string("\x08\0", 2) + std::string(22, '\0');
  const std::string snap("\xaa\xaa\x03\0\0\0", 6);
  const std::string ipv4("\x08\x00", 2);
  const std::string arp("\x08\x06", 2);
  const std::string rest(18, '\0');
  const LinkCase cases[] = {
      {"EN10MB", 1, std::string(12, '\1') + ipv4, std::string(12, '\1') + arp},
      {"RAW", 12, "", std::string("\x60")},
      {"LINUX_SLL2", 276, ipv4 + rest, arp + rest},
      {"IEEE802_11_RADIO", 127, radio + data + snap + ipv4,
       radio + data + snap + arp},
  };
  for (const LinkCase& link : cases) {
    SCOPED_TRACE(link.link_type);
    v1::CompileCaptureFilterRequest request = RequestFor("ip");
    request.set_link_type(link.link_type);
    const auto answer = Answer(request);
    EXPECT_TRUE(answer.valid());
    EXPECT_EQ(answer.link_type().name(), link.link_type);
    EXPECT_EQ(answer.link_type().number(), link.number);
    const std::string packet = "\x45" + std::string(39, '\0');
    EXPECT_EQ(RunOn(answer, link.ipv4 + packet), kWholePacket);
    EXPECT_EQ(RunOn(answer, link.other + packet), 0);
  }
}

TEST_F(FilterCompilerTest, NameOfALinkTypeIsAnsweredAsLibpcapHasIt) {
  v1::CompileCaptureFilterRequest request = RequestFor("");
  request.set_link_type("linux_sll");
  EXPECT_EQ(Answer(request).link_type().name(), "LINUX_SLL");
}

TEST_F(FilterCompilerTest, ProgramsReturnTheSnapLength) {
  v1::CompileCaptureFilterRequest request = RequestFor("");
  request.set_snapshot_length(96);
  EXPECT_EQ(Answer(request).listing(), "(000) ret      #96\n");
  request.set_snapshot_length(0xffffffff);
  EXPECT_EQ(Answer(request).listing(), "(000) ret      #262144\n");
}

TEST_F(FilterCompilerTest, UnoptimizedProgramsDecideTheSame) {
  v1::CompileCaptureFilterRequest request = RequestFor("ip or ip or ip");
  const auto optimized = Answer(request);
  request.set_unoptimized(true);
  const auto unoptimized = Answer(request);
  EXPECT_GT(unoptimized.instructions_size(), optimized.instructions_size());
  for (const char last : {'\0', '\6'}) {
    const std::string packet = std::string(12, '\1') + '\x08' + last;
    EXPECT_EQ(RunOn(unoptimized, packet), RunOn(optimized, packet));
  }
}

struct InvalidCase {
  const char* filter;
  const char* message;
};

TEST_F(FilterCompilerTest, FilterThatDoesNotCompileIsAnswered) {
  const InvalidCase cases[] = {
      {"tcp port", "syntax error"},
      {"ip and arp", "expression rejects all packets"},
      {"host no-such-host.invalid", "unknown host 'no-such-host.invalid'"},
      {"vlan 5000", "greater than maximum"},
      // These would be options of the program.
      {"-x", "syntax error"},
      {"--unoptimized", "syntax error"},
      {"--", "syntax error"},
      {"ether host \xc3\xa9", "syntax error"},
  };
  for (const InvalidCase& invalid : cases) {
    SCOPED_TRACE(invalid.filter);
    const auto answer = Answer(invalid.filter);
    EXPECT_FALSE(answer.valid());
    EXPECT_THAT(answer.message(), HasSubstr(invalid.message));
    EXPECT_THAT(answer.listing(), IsEmpty());
    EXPECT_EQ(answer.instructions_size(), 0);
    EXPECT_EQ(answer.link_type().name(), "EN10MB");
  }
}

TEST_F(FilterCompilerTest, NamesInTheHostsFileAreFound) {
  EXPECT_THAT(Answer("ip host localhost").listing(), HasSubstr("#0x7f000001"));
}

TEST_F(FilterCompilerTest, FilterThatCannotBeHandedOnIsAnswered) {
  const auto nul = Answer(absl::string_view("ip\0x", 4));
  EXPECT_FALSE(nul.valid());
  EXPECT_THAT(nul.message(), HasSubstr("NUL at byte 2"));
  const auto longest = Answer("ip" + std::string((64 << 10) - 2, ' '));
  EXPECT_TRUE(longest.valid()) << longest.message();
  const auto longer = Answer("ip" + std::string((64 << 10) - 1, ' '));
  EXPECT_FALSE(longer.valid());
  EXPECT_THAT(longer.message(), HasSubstr("65537 bytes"));
}

TEST_F(FilterCompilerTest, UnknownLinkTypeIsAnError) {
  const std::string names[] = {"ETHERNET", "--filter=", std::string("RAW\0", 4),
                               std::string(1 << 20, 'x')};
  for (const std::string& name : names) {
    v1::CompileCaptureFilterRequest request = RequestFor("ip");
    request.set_link_type(name);
    const absl::Status status = Compile(request).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
    EXPECT_EQ(ReasonOf(status), "LINK_TYPE_UNKNOWN");
  }
}

TEST_F(FilterCompilerTest, DeepNestingIsAnswered) {
  const auto deep =
      Answer(absl::StrCat(Repeat("(", 3000), "ip", Repeat(")", 3000)));
  EXPECT_EQ(deep.listing(), Answer("ip").listing());
  const auto deeper =
      Answer(absl::StrCat(Repeat("(", 30000), "ip", Repeat(")", 30000)));
  EXPECT_FALSE(deeper.valid());
  EXPECT_THAT(deeper.message(), HasSubstr("memory exhausted"));
}

TEST_F(FilterCompilerTest, ProgramTooLongForAnAnswerIsSaidSo) {
  v1::CompileCaptureFilterRequest request =
      RequestFor(absl::StrCat("ip[0", Repeat("+1", 8000), "] = 0"));
  request.set_unoptimized(true);
  const auto answer = Answer(request);
  EXPECT_FALSE(answer.valid());
  EXPECT_THAT(answer.message(), HasSubstr("instructions"));
  EXPECT_EQ(answer.instructions_size(), 0);
}

TEST_F(FilterCompilerTest, FilterThatTakesTooLongIsGivenUp) {
  const auto start = std::chrono::steady_clock::now();
  const absl::Status status = Compile(RequestFor(ManyPorts(16000))).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  EXPECT_EQ(ReasonOf(status), "FILTER_COMPILER_HANGS");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

TEST_F(FilterCompilerTest, NothingIsCompiledForACallerThatHasGone) {
  // Otherwise the filter would be compiled until it takes too long.
  int looks = 0;
  const absl::Status status =
      Compile(RequestFor(ManyPorts(16000)), kProgram,
              {"caller", [&looks] { return ++looks > 2; }})
          .status();
  EXPECT_TRUE(absl::IsCancelled(status)) << status;
  EXPECT_EQ(looks, 3);
}

// With sanitizers there is no memory limit.
#if !defined(__SANITIZE_ADDRESS__) && !defined(DISSECTD_TSAN)
TEST_F(FilterCompilerTest, FilterThatTakesTooMuchMemoryIsAnError) {
  const absl::Status status = Compile(RequestFor(ManyPorts(65000))).status();
  EXPECT_TRUE(absl::IsInternal(status)) << status;
  EXPECT_EQ(ReasonOf(status), "FILTER_COMPILER_FAILED");
  EXPECT_THAT(std::string(status.message()), HasSubstr("memory"));
}
#endif

TEST_F(FilterCompilerTest, ProgramThatDoesNotAnswerIsAnError) {
  for (const char* program : {"/nowhere", "/bin/true", "/bin/false"}) {
    const absl::Status status = Compile(RequestFor("ip"), program).status();
    EXPECT_TRUE(absl::IsInternal(status)) << status;
    EXPECT_EQ(ReasonOf(status), "FILTER_COMPILER_FAILED");
  }
}

TEST_F(FilterCompilerTest, ListingsAreThoseOfDumpcap) {
  const char* filters[] = {
      "",
      "tcp port 80",
      "not (udp portrange 5000-6000 or icmp6)",
      "ether host 00:11:22:33:44:55 and ip[8] < 5",
      "net 10.0.0.0/8 or ip6 net 2001:db8::/32",
      "tcp[tcpflags] & (tcp-syn|tcp-fin) != 0 and less 100",
      "host localhost",
      "ip broadcast",
      "ip6 protochain 6",
      "mpls 7 and ip",
      "inbound",
  };
  for (const char* filter : filters) {
    SCOPED_TRACE(filter);
    const auto expected =
        AskDumpcap({"-i", "lo", "-y", "EN10MB", "-f", filter, "-d"});
    if (absl::IsFailedPrecondition(expected.status())) {
      GTEST_SKIP() << expected.status();
    }
    ASSERT_TRUE(expected.ok()) << expected.status();
    EXPECT_EQ(AnswerForLoopback(filter).listing(), *expected);
  }
}

TEST_F(FilterCompilerTest, SnapLengthIsThatOfDumpcap) {
  for (const char* length : {"1", "96", "262144", "300000"}) {
    SCOPED_TRACE(length);
    const auto expected =
        AskDumpcap({"-i", "lo", "-s", length, "-f", "udp", "-d"});
    if (absl::IsFailedPrecondition(expected.status())) {
      GTEST_SKIP() << expected.status();
    }
    ASSERT_TRUE(expected.ok()) << expected.status();
    v1::CompileCaptureFilterRequest request = RequestFor("udp");
    request.set_snapshot_length(static_cast<uint32_t>(std::stoul(length)));
    EXPECT_EQ(Answer(request).listing(), *expected);
  }
}

}  // namespace
}  // namespace dissectd::server
