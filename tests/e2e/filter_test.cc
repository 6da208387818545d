// SPDX-License-Identifier: GPL-2.0-or-later

// Tests the checking and completion of display filters.

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dissectd/v1/filter.grpc.pb.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"

namespace dissectd {
namespace {

constexpr size_t kMaxFilterBytes = 65'536;

// A Wireshark profile that the daemon finds through its environment.
class Profile {
 public:
  Profile() {
    folder_.Write("wireshark/dfilter_macros",
                  "\"web\",\"tcp.port == 80\"\n"
                  "\"port\",\"tcp.port == $1 || udp.port == $1\"\n"
                  "\"long\",\"ip.proto in {1" +
                      std::string(1000, ' ') + "}\"\n");
    folder_.Write("wireshark/dfilters",
                  "\"The \\\"web\\\"\" http\n\"No such\" nosuch ==\n");
    setenv("XDG_CONFIG_HOME", folder_.path().c_str(), 1);
  }
  ~Profile() { unsetenv("XDG_CONFIG_HOME"); }
  Profile(const Profile&) = delete;
  Profile& operator=(const Profile&) = delete;

 private:
  const TemporaryFolder folder_;
};

class FilterTest : public ::testing::Test {
 protected:
  FilterTest() : stub_(v1::FilterService::NewStub(daemon_.Connect())) {}

  grpc::Status TryToCompile(const std::string& filter,
                            v1::CompileFilterResponse* response,
                            bool with_byte_code = false) const {
    v1::CompileFilterRequest request;
    request.set_filter(filter);
    request.set_with_byte_code(with_byte_code);
    grpc::ClientContext context;
    return stub_->CompileFilter(&context, request, response);
  }

  v1::CompileFilterResponse Compile(const std::string& filter,
                                    bool with_byte_code = false) const {
    v1::CompileFilterResponse response;
    const grpc::Status status = TryToCompile(filter, &response, with_byte_code);
    EXPECT_TRUE(status.ok()) << filter << ": " << status.error_message();
    return response;
  }

  std::string ReasonOf(const std::string& filter) const {
    v1::CompileFilterResponse response;
    const grpc::Status status = TryToCompile(filter, &response);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    return FailureOf(status).reason();
  }

  grpc::Status TryToComplete(const std::string& filter, size_t cursor,
                             uint32_t limit,
                             v1::CompleteFilterResponse* response) const {
    v1::CompleteFilterRequest request;
    request.set_filter(filter);
    request.set_cursor(static_cast<uint32_t>(cursor));
    request.set_limit(limit);
    grpc::ClientContext context;
    return stub_->CompleteFilter(&context, request, response);
  }

  // Completes a filter with the cursor at its end.
  v1::CompleteFilterResponse Complete(const std::string& filter,
                                      uint32_t limit = 0) const {
    v1::CompleteFilterResponse response;
    const grpc::Status status =
        TryToComplete(filter, filter.size(), limit, &response);
    EXPECT_TRUE(status.ok()) << filter << ": " << status.error_message();
    return response;
  }

  // Returns the texts that the items of a completion insert.
  std::vector<std::string> Inserts(const std::string& filter,
                                   v1::CompletionKind kind) const {
    std::vector<std::string> inserts;
    const v1::CompleteFilterResponse response = Complete(filter, 1000);
    for (const v1::CompletionItem& item : response.items()) {
      if (item.kind() == kind) inserts.push_back(item.insert_text());
    }
    return inserts;
  }

  const Profile profile_;
  const DaemonProcess daemon_;
  const std::unique_ptr<v1::FilterService::Stub> stub_;
};

bool Has(const std::vector<std::string>& texts, const std::string& text) {
  return std::find(texts.begin(), texts.end(), text) != texts.end();
}

TEST_F(FilterTest, ValidFilterHasFieldsOfAllItsParts) {
  const v1::CompileFilterResponse response = Compile(
      "len(dns.qry.name) > 5 && ip.src[0:2] == c0:00 or "
      "tcp.port in {80, 443..445} or udp or ip.src == ${ip.dst}");
  EXPECT_TRUE(response.valid());
  EXPECT_EQ(response.diagnostics_size(), 0);
  EXPECT_EQ(response.byte_code(), "");
  ASSERT_EQ(response.fields_size(), 5);
  EXPECT_EQ(response.fields(0).name(), "dns.qry.name");
  EXPECT_EQ(response.fields(0).display_name(), "Name");
  EXPECT_EQ(response.fields(0).type(), v1::FIELD_TYPE_STRING);
  EXPECT_EQ(response.fields(0).protocol(), "dns");
  EXPECT_EQ(response.fields(1).name(), "ip.dst");
  EXPECT_EQ(response.fields(2).name(), "ip.src");
  EXPECT_EQ(response.fields(3).name(), "tcp.port");
  EXPECT_EQ(response.fields(4).name(), "udp");
  EXPECT_EQ(response.fields(4).type(), v1::FIELD_TYPE_PROTOCOL);
  EXPECT_EQ(response.fields(4).protocol(), "");
}

// String literals may look like fields, and like lines that libwireshark
// prints.
TEST_F(FilterTest, TextsAreNoFields) {
  const v1::CompileFilterResponse response = Compile(
      "http.host == \"tcp.port\" or "
      "http.host matches \"x\\n00000 READ_TREE\\t\\tudp <FT_PROTOCOL>\"");
  EXPECT_TRUE(response.valid());
  ASSERT_EQ(response.fields_size(), 1);
  EXPECT_EQ(response.fields(0).name(), "http.host");
}

TEST_F(FilterTest, NothingIsLeftOfTheFilterBefore) {
  EXPECT_EQ(Compile("tcp.port == 80 or udp").fields_size(), 2);
  EXPECT_EQ(Compile("dns").fields_size(), 1);
  EXPECT_EQ(Compile("nosuch").fields_size(), 0);
  EXPECT_EQ(Compile("").fields_size(), 0);
}

TEST_F(FilterTest, EmptyFilterIsValid) {
  const v1::CompileFilterResponse response = Compile(" ", true);
  EXPECT_TRUE(response.valid());
  EXPECT_EQ(response.diagnostics_size(), 0);
  EXPECT_EQ(response.byte_code(), "");
}

TEST_F(FilterTest, WrongFilterHasMessageAndPlace) {
  const v1::CompileFilterResponse response = Compile("tcp && ip.adr == 1");
  EXPECT_FALSE(response.valid());
  ASSERT_EQ(response.diagnostics_size(), 1);
  const v1::FilterDiagnostic& error = response.diagnostics(0);
  EXPECT_EQ(error.severity(), v1::FILTER_SEVERITY_ERROR);
  EXPECT_EQ(error.message(),
            "Left side of \"==\" expression must be a field or function, not "
            "ip.adr.");
  ASSERT_TRUE(error.has_span());
  EXPECT_EQ(error.span().start(), 7u);
  EXPECT_EQ(error.span().length(), 6u);
}

TEST_F(FilterTest, PlacesCountBytes) {
  const v1::CompileFilterResponse response =
      Compile("http.host == \"größe\" && ip.adr");
  ASSERT_EQ(response.diagnostics_size(), 1);
  EXPECT_EQ(response.diagnostics(0).span().start(), 26u);
  EXPECT_EQ(response.diagnostics(0).span().length(), 6u);
}

TEST_F(FilterTest, SomeMistakesHaveNoPlace) {
  for (const char* filter : {"http.host matches \"(\"", "${nosuch}"}) {
    const v1::CompileFilterResponse response = Compile(filter);
    EXPECT_FALSE(response.valid()) << filter;
    ASSERT_EQ(response.diagnostics_size(), 1) << filter;
    EXPECT_FALSE(response.diagnostics(0).has_span()) << filter;
  }
}

TEST_F(FilterTest, MacrosAreExpanded) {
  const v1::CompileFilterResponse response = Compile("ip && ${port:53}");
  EXPECT_TRUE(response.valid());
  EXPECT_EQ(response.expanded_filter(),
            "ip && tcp.port == 53 || udp.port == 53");
  EXPECT_EQ(Compile("ip").expanded_filter(), "ip");
  EXPECT_EQ(Compile("${nosuch}").expanded_filter(), "${nosuch}");
}

TEST_F(FilterTest, MacrosDoNotExpandWithoutBound) {
  std::string filter = "${long}";
  EXPECT_TRUE(Compile(filter).valid());
  for (int i = 0; i < 600; ++i) filter += "||${long}";
  const v1::CompileFilterResponse response = Compile(filter);
  EXPECT_FALSE(response.valid());
  ASSERT_EQ(response.diagnostics_size(), 1);
  EXPECT_EQ(response.diagnostics(0).message(),
            "The macros of the filter make it too long.");
}

TEST_F(FilterTest, PlacesAreInTheExpandedFilter) {
  const v1::CompileFilterResponse response = Compile("${web} && ip.adr");
  ASSERT_EQ(response.diagnostics_size(), 1);
  const v1::TextSpan& span = response.diagnostics(0).span();
  EXPECT_EQ(response.expanded_filter().substr(span.start(), span.length()),
            "ip.adr");
}

TEST_F(FilterTest, DeprecatedSyntaxIsAWarning) {
  const v1::CompileFilterResponse response =
      Compile("bootp.option.type == 53 && ip.addr ~= 1.1.1.1");
  EXPECT_TRUE(response.valid());
  ASSERT_EQ(response.diagnostics_size(), 2);
  for (const v1::FilterDiagnostic& warning : response.diagnostics()) {
    EXPECT_EQ(warning.severity(), v1::FILTER_SEVERITY_WARNING);
    EXPECT_FALSE(warning.has_span());
  }
  EXPECT_EQ(response.diagnostics(0).message(),
            "\"bootp.option.type\" is deprecated, use \"dhcp.option.type\" "
            "instead.");
  EXPECT_EQ(response.diagnostics(1).message(),
            "The operator \"~=\" is deprecated, use \"!==\" instead.");
  EXPECT_EQ(response.fields(0).name(), "dhcp.option.type");
}

TEST_F(FilterTest, ByteCodeIsOfThisFilterOnly) {
  for (const char* name : {"tcp", "udp"}) {
    const std::string code = Compile(name, true).byte_code();
    EXPECT_EQ(code, std::string("Instructions:\n00000 CHECK_EXISTS\t") + name +
                        " <FT_PROTOCOL>\n00001 RETURN\n");
  }
}

TEST_F(FilterTest, NamesOfHostsAreNotResolved) {
  const v1::CompileFilterResponse response = Compile("ip.addr == localhost");
  ASSERT_EQ(response.diagnostics_size(), 1);
  EXPECT_EQ(response.diagnostics(0).message(),
            "\"localhost\" is not a valid hostname or IPv4 address.");
}

TEST_F(FilterTest, LengthIsLimited) {
  const std::string longest = std::string(kMaxFilterBytes - 3, ' ') + "tcp";
  EXPECT_TRUE(Compile(longest).valid());
  EXPECT_EQ(ReasonOf(longest + " "), "FILTER_TOO_LONG");
  v1::CompleteFilterResponse response;
  const grpc::Status status =
      TryToComplete(longest + " ", longest.size(), 0, &response);
  EXPECT_EQ(FailureOf(status).reason(), "FILTER_TOO_LONG");
}

TEST_F(FilterTest, NulIsRefused) {
  EXPECT_EQ(ReasonOf(std::string("tcp\0udp", 7)), "TEXT_HAS_NUL");
}

TEST_F(FilterTest, DeepNestingEndsWithAnAnswer) {
  const size_t half = (kMaxFilterBytes - 3) / 2;
  const v1::CompileFilterResponse brackets =
      Compile(std::string(half, '(') + "tcp" + std::string(half, ')'));
  EXPECT_FALSE(brackets.valid());
  EXPECT_EQ(brackets.diagnostics_size(), 1);
  const std::string nots(kMaxFilterBytes - 4, '!');
  EXPECT_TRUE(Compile(nots + "tcp").valid());
  std::string chain = "tcp";
  while (chain.size() < 4000) chain += "||tcp";
  EXPECT_TRUE(Compile(chain).valid());
  EXPECT_EQ(daemon_.WorkerPids().size(), 1u) << "a worker has died";
}

// Returns a filter that takes libwireshark some seconds to compile.
std::string SlowFilter() {
  std::string filter = "ip.ttl in {1";
  while (filter.size() < kMaxFilterBytes - 3) filter += ",1";
  return filter + "}";
}

TEST_F(FilterTest, CrashEndsOneCallOnly) {
  grpc::Status status;
  std::thread caller([&] {
    v1::CompileFilterResponse response;
    status = TryToCompile(SlowFilter(), &response);
  });
  WaitFor("the worker", [&] { return !daemon_.WorkerPids().empty(); });
  kill(daemon_.WorkerPids().front(), SIGSEGV);
  caller.join();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INTERNAL);
  EXPECT_EQ(FailureOf(status).reason(), "WORKER_CRASHED");
  EXPECT_TRUE(Compile("tcp").valid());
}

TEST_F(FilterTest, OthersDontWaitForASlowFilter) {
  v1::CompileFilterRequest request;
  request.set_filter(SlowFilter());
  grpc::ClientContext context;
  std::thread caller([&] {
    v1::CompileFilterResponse response;
    const grpc::Status status =
        stub_->CompileFilter(&context, request, &response);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::CANCELLED);
  });
  WaitFor("the worker", [&] { return !daemon_.WorkerPids().empty(); });
  EXPECT_TRUE(Compile("tcp").valid());
  context.TryCancel();
  caller.join();
  EXPECT_TRUE(Compile("udp").valid());
}

TEST_F(FilterTest, ProtocolsAndFieldsAreCompletedByPrefix) {
  const v1::CompleteFilterResponse response = Complete("ip && TCP.por");
  EXPECT_EQ(response.replace().start(), 6u);
  EXPECT_EQ(response.replace().length(), 7u);
  EXPECT_FALSE(response.truncated());
  ASSERT_GT(response.items_size(), 0);
  EXPECT_EQ(response.items(0).insert_text(), "tcp.port");
  EXPECT_EQ(response.items(0).description(), "Source or Destination Port");
  EXPECT_EQ(response.items(0).kind(), v1::COMPLETION_KIND_FIELD);
  EXPECT_EQ(response.items(0).type(), v1::FIELD_TYPE_UINT16);
  for (const v1::CompletionItem& item : response.items()) {
    EXPECT_EQ(item.insert_text().rfind("tcp.por", 0), 0u);
  }

  const std::vector<std::string> protocols =
      Inserts("(tc", v1::COMPLETION_KIND_PROTOCOL);
  ASSERT_FALSE(protocols.empty());
  EXPECT_TRUE(Has(protocols, "tcp"));
  EXPECT_TRUE(std::is_sorted(protocols.begin(), protocols.end()));
}

TEST_F(FilterTest, NamesThatAreRegisteredLateAreThere) {
  // The fields of some protocols are registered when one of them is first
  // looked up.
  EXPECT_FALSE(Inserts("diameter.", v1::COMPLETION_KIND_FIELD).empty());
}

TEST_F(FilterTest, LimitIsKept) {
  EXPECT_EQ(Complete("").items_size(), 50);
  EXPECT_TRUE(Complete("").truncated());
  EXPECT_EQ(Complete("", 7).items_size(), 7);
  EXPECT_EQ(Complete("", 100'000).items_size(), 1000);
  EXPECT_EQ(Complete("nosuchname").items_size(), 0);
  EXPECT_FALSE(Complete("nosuchname").truncated());
}

TEST_F(FilterTest, OperatorsAreThoseOfTheType) {
  constexpr v1::CompletionKind kOperator = v1::COMPLETION_KIND_OPERATOR;
  const std::vector<std::string> number = Inserts("tcp.port ", kOperator);
  EXPECT_TRUE(Has(number, "=="));
  EXPECT_TRUE(Has(number, ">="));
  EXPECT_TRUE(Has(number, "&"));
  EXPECT_TRUE(Has(number, "in"));
  EXPECT_FALSE(Has(number, "contains"));
  const std::vector<std::string> text = Inserts("http.host ", kOperator);
  EXPECT_TRUE(Has(text, "matches"));
  EXPECT_FALSE(Has(text, "&"));
  EXPECT_EQ(Inserts("tcp.analysis.flags ", kOperator),
            (std::vector<std::string>{"&&", "||"}));
  EXPECT_EQ(Inserts("http.host con", kOperator),
            (std::vector<std::string>{"contains"}));
  EXPECT_EQ(Inserts("tcp.port == 80 ", kOperator),
            (std::vector<std::string>{"&&", "||"}));
}

// All operators that are offered for a type compile with it.
TEST_F(FilterTest, OperatorsThatAreOfferedWork) {
  const std::pair<const char*, const char*> operands[] = {
      {"tcp.port", "80"},
      {"frame.file_off", "1"},
      {"http.host", "\"a\""},
      {"ip.src", "1.2.3.4"},
      {"eth.src", "00:00:00:00:00:00"},
      {"tcp.payload", "00:11"},
      {"frame.time_delta", "1"},
      {"tcp.flags.syn", "1"},
      {"dns", "00:11"},
      {"len(tcp)", "1"},
      {"upper(http.host)", "\"A\""},
      {"tcp.payload[0:2]", "00:11"}};
  for (const auto& [operand, value] : operands) {
    for (const std::string& word :
         Inserts(std::string(operand) + " ", v1::COMPLETION_KIND_OPERATOR)) {
      const std::string right = word == "in" ? std::string("{") + value + "}"
                                : word == "matches"            ? "\"a\""
                                : word == "&&" || word == "||" ? "tcp"
                                                               : value;
      const std::string filter = absl::StrCat(operand, " ", word, " ", right);
      EXPECT_TRUE(Compile(filter).valid()) << filter;
    }
  }
}

// All offered values compile, even if a table has a name twice or for a range.
TEST_F(FilterTest, ValuesThatAreOfferedWork) {
  for (const std::string field :
       {"dns.qry.type", "tcp.flags.syn", "eth.type", "ip.proto",
        "dns.qry.class", "tls.handshake.type", "ieee1722.subtype", "http2.type",
        "dhcp.option.dhcp", "tcp.option_kind", "frame.encap_type", "smb2.cmd",
        "bgp.type"}) {
    const std::vector<std::string> values =
        Inserts(field + " == ", v1::COMPLETION_KIND_VALUE);
    EXPECT_FALSE(values.empty()) << field;
    for (const std::string& value : values) {
      const std::string filter = absl::StrCat(field, " == ", value);
      EXPECT_TRUE(Compile(filter).valid()) << filter;
    }
  }
}

TEST_F(FilterTest, ValuesAreFoundByNameAndByNumber) {
  const v1::CompleteFilterResponse by_name = Complete("dns.qry.type == \"aa");
  EXPECT_EQ(by_name.replace().start(), 16u);
  EXPECT_EQ(by_name.replace().length(), 3u);
  ASSERT_EQ(by_name.items_size(), 1);
  EXPECT_EQ(by_name.items(0).insert_text(), "\"AAAA (IPv6 Address)\"");
  EXPECT_EQ(by_name.items(0).label(), "AAAA (IPv6 Address)");
  EXPECT_EQ(by_name.items(0).description(), "28");
  EXPECT_TRUE(Has(Inserts("dns.qry.type in {1, 2", v1::COMPLETION_KIND_VALUE),
                  "\"AAAA (IPv6 Address)\""));
}

TEST_F(FilterTest, FunctionsThatAreOfferedExist) {
  const std::vector<std::string> functions =
      Inserts("", v1::COMPLETION_KIND_FUNCTION);
  EXPECT_EQ(functions.size(), 8u);
  for (const std::string& function : functions) {
    const v1::CompileFilterResponse response = Compile(function + "nosuch)");
    ASSERT_EQ(response.diagnostics_size(), 1);
    EXPECT_EQ(response.diagnostics(0).message().find("does not exist"),
              std::string::npos)
        << response.diagnostics(0).message();
  }
  EXPECT_EQ(Inserts("le", v1::COMPLETION_KIND_FUNCTION),
            (std::vector<std::string>{"len("}));
}

TEST_F(FilterTest, MacrosAreCompleted) {
  EXPECT_EQ(Inserts("${", v1::COMPLETION_KIND_MACRO),
            (std::vector<std::string>{"${web}", "${port:", "${long}"}));
  EXPECT_EQ(Inserts("we", v1::COMPLETION_KIND_MACRO),
            (std::vector<std::string>{"${web}"}));
  EXPECT_TRUE(Has(Inserts("ip.src == ${ip.ds", v1::COMPLETION_KIND_FIELD),
                  "${ip.dst}"));
}

TEST_F(FilterTest, CursorMustBeInTheText) {
  for (const size_t cursor : {1u, 3u}) {
    v1::CompleteFilterResponse response;
    const grpc::Status status = TryToComplete("é", cursor, 0, &response);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_EQ(FailureOf(status).reason(), "CURSOR_INVALID");
  }
}

TEST_F(FilterTest, MacrosOfTheProfileAreListed) {
  grpc::ClientContext context;
  v1::ListFilterMacrosResponse response;
  ASSERT_TRUE(
      stub_
          ->ListFilterMacros(&context, v1::ListFilterMacrosRequest(), &response)
          .ok());
  ASSERT_EQ(response.macros_size(), 3);
  EXPECT_EQ(response.macros(0).name(), "web");
  EXPECT_EQ(response.macros(0).text(), "tcp.port == 80");
  EXPECT_EQ(response.macros(1).name(), "port");
}

TEST_F(FilterTest, SavedFiltersOfTheProfileAreListed) {
  grpc::ClientContext context;
  v1::ListSavedFiltersResponse response;
  ASSERT_TRUE(
      stub_
          ->ListSavedFilters(&context, v1::ListSavedFiltersRequest(), &response)
          .ok());
  ASSERT_EQ(response.filters_size(), 2);
  EXPECT_EQ(response.filters(0).name(), "The \"web\"");
  EXPECT_EQ(response.filters(0).filter(), "http");
  EXPECT_EQ(response.filters(1).filter(), "nosuch ==");
}

}  // namespace
}  // namespace dissectd
