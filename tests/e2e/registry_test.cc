// SPDX-License-Identifier: GPL-2.0-or-later

// Tests that the lists of RegistryService are complete, and its errors.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "dissectd/v1/registry.grpc.pb.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/wireshark_release.h"

namespace dissectd {
namespace {

using ::testing::ElementsAre;
using Stub = v1::RegistryService::Stub;

constexpr int kLargePage = 1000;

template <typename Request, typename Response>
using Method = grpc::Status (Stub::*)(grpc::ClientContext*, const Request&,
                                      Response*);

class RegistryTest : public ::testing::Test {
 protected:
  template <typename Request, typename Response>
  grpc::Status Ask(Method<Request, Response> method, const Request& request,
                   Response* response) {
    grpc::ClientContext context;
    return (stub_.get()->*method)(&context, request, response);
  }

  // Calls `visit` with each page.
  template <typename Request, typename Response, typename Visit>
  void VisitPages(Method<Request, Response> method, Request request,
                  Visit visit) {
    do {
      Response response;
      const grpc::Status status = Ask(method, request, &response);
      ASSERT_TRUE(status.ok()) << status.error_message();
      visit(response);
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
  }

  std::vector<v1::Field> ListFields(v1::ListFieldsRequest request) {
    request.set_page_size(kLargePage);
    std::vector<v1::Field> fields;
    VisitPages(&Stub::ListFields, request,
               [&fields](const v1::ListFieldsResponse& page) {
                 fields.insert(fields.end(), page.fields().begin(),
                               page.fields().end());
               });
    return fields;
  }

  v1::Field LookupFields(const std::string& name) {
    v1::LookupFieldsRequest request;
    request.set_name(name);
    v1::LookupFieldsResponse response;
    const grpc::Status status = Ask(&Stub::LookupFields, request, &response);
    EXPECT_TRUE(status.ok()) << name << ": " << status.error_message();
    return response.fields_size() == 0 ? v1::Field() : response.fields(0);
  }

  std::vector<v1::NamedValue> ListValues(const std::string& name, int size) {
    v1::ListNamedValuesRequest request;
    request.set_field(name);
    request.set_page_size(size);
    std::vector<v1::NamedValue> values;
    VisitPages(&Stub::ListNamedValues, request,
               [&](const v1::ListNamedValuesResponse& page) {
                 EXPECT_LE(page.named_values_size(), size);
                 values.insert(values.end(), page.named_values().begin(),
                               page.named_values().end());
               });
    return values;
  }

  template <typename OnBatch>
  void ReadRegistry(bool values, OnBatch on_batch) {
    grpc::ClientContext context;
    v1::ReadRegistryRequest request;
    request.set_named_values(values);
    const auto reader = stub_->ReadRegistry(&context, request);
    v1::ReadRegistryResponse batch;
    while (reader->Read(&batch)) on_batch(batch);
    const grpc::Status status = reader->Finish();
    ASSERT_TRUE(status.ok()) << status.error_message();
  }

  const DaemonProcess daemon_;
  const std::unique_ptr<Stub> stub_ =
      v1::RegistryService::NewStub(daemon_.Connect());
};

std::string ReasonOf(const grpc::Status& status) {
  return FailureOf(status).reason();
}

// Returns the lines of `tshark -G values` for a field without its name.
std::vector<std::string> TsharkValues(const std::string& field) {
  static const auto& lines = *[] {
    auto* all = new std::multimap<std::string, std::string>();
    FILE* tshark = popen("tshark -G values 2>/dev/null", "r");
    char* line = nullptr;
    size_t size = 0;
    ssize_t length = 0;
    while ((length = getline(&line, &size, tshark)) > 0) {
      const std::string text(line, static_cast<size_t>(length) - 1);
      const size_t name = text.find('\t') + 1;
      const size_t end = text.find('\t', name);
      // A text may contain line breaks, which no field here does.
      if (name == 0 || end == std::string::npos) continue;
      all->emplace(text.substr(name, end - name),
                   text.substr(0, name) + text.substr(end + 1));
    }
    std::free(line);
    EXPECT_EQ(pclose(tshark), 0);
    return all;
  }();
  std::vector<std::string> found;
  const auto [first, last] = lines.equal_range(field);
  for (auto line = first; line != last; ++line) found.push_back(line->second);
  return found;
}

TEST_F(RegistryTest, PagesHaveEachProtocolOnce) {
  v1::ListProtocolsRequest request;
  request.set_page_size(7);
  std::set<uint32_t> ids;
  std::set<std::string> names;
  size_t count = 0;
  VisitPages(&Stub::ListProtocols, request,
             [&](const v1::ListProtocolsResponse& page) {
               EXPECT_LE(page.protocols_size(), 7);
               for (const v1::Protocol& protocol : page.protocols()) {
                 ids.insert(protocol.registry_id());
                 names.insert(protocol.filter_name());
                 ++count;
               }
             });
  EXPECT_EQ(ids.size(), count);
  EXPECT_GT(count, 2000u);
  EXPECT_EQ(names.count("tcp"), 1u);
}

TEST_F(RegistryTest, ProtocolIsFoundByItsOlderNameToo) {
  v1::GetProtocolRequest request;
  v1::GetProtocolResponse response;
  request.set_filter_name("dhcp");
  ASSERT_TRUE(Ask(&Stub::GetProtocol, request, &response).ok());
  EXPECT_EQ(response.protocol().filter_name(), "dhcp");
  EXPECT_GT(response.protocol().registry_id(), 0u);
  const std::string current = response.SerializeAsString();
  request.set_filter_name("bootp");
  ASSERT_TRUE(Ask(&Stub::GetProtocol, request, &response).ok());
  EXPECT_EQ(response.SerializeAsString(), current);
  // Names of fields, older ones too, aren't names of protocols.
  for (const char* name : {"dhcp.type", "bootp.type", "nosuch", ""}) {
    request.set_filter_name(name);
    EXPECT_EQ(ReasonOf(Ask(&Stub::GetProtocol, request, &response)),
              "PROTOCOL_NOT_FOUND")
        << name;
  }
}

TEST_F(RegistryTest, PagesAndStreamHaveEachFieldOnce) {
  const std::vector<v1::Field> listed = ListFields({});
  std::vector<std::string> streamed;
  std::set<uint32_t> protocols;
  ReadRegistry(false, [&](const v1::ReadRegistryResponse& batch) {
    EXPECT_EQ(batch.named_values_size(), 0);
    for (const v1::Protocol& protocol : batch.protocols()) {
      EXPECT_TRUE(streamed.empty());
      EXPECT_TRUE(protocols.insert(protocol.registry_id()).second);
    }
    for (const v1::Field& field : batch.fields()) {
      streamed.push_back(field.SerializeAsString());
    }
  });
  ASSERT_EQ(streamed.size(), listed.size());
  EXPECT_GT(listed.size(), 200'000u);
  uint32_t last = 0;
  for (size_t i = 0; i < listed.size(); ++i) {
    ASSERT_EQ(listed[i].SerializeAsString(), streamed[i]);
    // Ascending ids mean that no field is listed twice.
    ASSERT_GT(listed[i].registry_id(), last);
    ASSERT_EQ(protocols.count(listed[i].registry_id()), 0u);
    last = listed[i].registry_id();
  }
}

TEST_F(RegistryTest, StreamHasTheValuesThatFieldsSay) {
  std::map<uint32_t, uint32_t> expected;
  std::map<uint32_t, uint32_t> received;
  ReadRegistry(true, [&](const v1::ReadRegistryResponse& batch) {
    for (const v1::Field& field : batch.fields()) {
      if (field.named_value_count() > 0) {
        expected[field.registry_id()] = field.named_value_count();
      }
    }
    for (const v1::FieldNamedValues& values : batch.named_values()) {
      EXPECT_EQ(expected.count(values.registry_id()),
                values.named_values_size() > 0 ? 1u : 0u);
      if (values.named_values_size() == 0) continue;
      received[values.registry_id()] +=
          static_cast<uint32_t>(values.named_values_size());
    }
  });
  EXPECT_GT(received.size(), 10'000u);
  EXPECT_EQ(received, expected);
}

TEST_F(RegistryTest, LateFieldsAreThere) {
  for (const char* name :
       {"diameter.Origin-Host", "radius.User_Name", "wimaxasncp.opid"}) {
    EXPECT_EQ(LookupFields(name).name(), name);
  }
}

TEST_F(RegistryTest, FieldsAreFoundByConditions) {
  v1::ListFieldsRequest request;
  request.set_protocol("tcp");
  request.set_name_prefix("tcp.flags.");
  request.set_text("SYN");
  const std::vector<v1::Field> fields = ListFields(request);
  ASSERT_FALSE(fields.empty());
  EXPECT_TRUE(std::any_of(
      fields.begin(), fields.end(),
      [](const v1::Field& field) { return field.name() == "tcp.flags.syn"; }));
  for (const v1::Field& field : fields) {
    EXPECT_EQ(field.protocol(), "tcp");
    EXPECT_EQ(field.name().rfind("tcp.flags.", 0), 0u);
  }
  request.set_text("no field has this");
  EXPECT_TRUE(ListFields(request).empty());
}

TEST_F(RegistryTest, FieldSaysHowItIsMasked) {
  const v1::Field field = LookupFields("tcp.flags.syn");
  EXPECT_EQ(field.type(), v1::FIELD_TYPE_BOOLEAN);
  EXPECT_EQ(field.bitmask(), 2u);
  EXPECT_EQ(field.bit_shift(), 1u);
  EXPECT_EQ(field.protocol(), "tcp");
}

TEST_F(RegistryTest, FieldsOfOneNameAreLinked) {
  std::map<std::string, int> counts;
  ReadRegistry(false, [&counts](const v1::ReadRegistryResponse& batch) {
    for (const v1::Field& field : batch.fields()) ++counts[field.name()];
  });
  const auto most = std::max_element(
      counts.begin(), counts.end(),
      [](const auto& a, const auto& b) { return a.second < b.second; });
  ASSERT_GT(most->second, 1);
  v1::LookupFieldsRequest request;
  request.set_name(most->first);
  v1::LookupFieldsResponse response;
  ASSERT_TRUE(Ask(&Stub::LookupFields, request, &response).ok());
  ASSERT_EQ(response.fields_size(), most->second);
  uint32_t previous = 0;
  for (int i = 0; i < response.fields_size(); ++i) {
    const v1::Field& field = response.fields(i);
    EXPECT_EQ(field.previous_same_name_id(), previous);
    EXPECT_EQ(field.next_same_name_id(),
              i + 1 < response.fields_size()
                  ? response.fields(i + 1).registry_id()
                  : 0u);
    previous = field.registry_id();
  }
}

TEST_F(RegistryTest, UnknownFieldIsNotFound) {
  v1::LookupFieldsRequest request;
  request.set_name("no.such.field");
  v1::LookupFieldsResponse response;
  const grpc::Status status = Ask(&Stub::LookupFields, request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(ReasonOf(status), "FIELD_NOT_FOUND");

  v1::ListNamedValuesRequest values;
  values.set_field("ip.proto");
  values.set_registry_id(LookupFields("tcp.port").registry_id());
  v1::ListNamedValuesResponse none;
  EXPECT_EQ(ReasonOf(Ask(&Stub::ListNamedValues, values, &none)),
            "FIELD_NOT_FOUND");
}

TEST_F(RegistryTest, ValuesAreTsharks) {
  std::vector<std::string> lines;
  for (const v1::NamedValue& value : ListValues("ip.proto", 10)) {
    lines.push_back("V\t" + std::to_string(value.value()) + "\t" +
                    value.name());
  }
  std::vector<std::string> expected = TsharkValues("ip.proto");
  // tshark prints a line for an extended value list before its values.
  ASSERT_FALSE(expected.empty());
  const v1::ExtendedNamedValues list = LookupFields("ip.proto").extended();
  EXPECT_EQ(
      expected.front().rfind(
          "E\t" + std::to_string(list.count()) + "\t" + list.name() + "\t", 0),
      0u);
  expected.erase(expected.begin());
  EXPECT_EQ(lines, expected);
}

TEST_F(RegistryTest, HexadecimalValuesAreTsharks) {
  std::vector<std::string> lines;
  for (const v1::NamedValue& value : ListValues("eth.type", kLargePage)) {
    char number[32];
    std::snprintf(number, sizeof number, "0x%x",
                  static_cast<unsigned int>(value.value()));
    lines.push_back(std::string("V\t") + number + "\t" + value.name());
  }
  EXPECT_GT(lines.size(), 10u);
  EXPECT_EQ(lines, TsharkValues("eth.type"));
}

TEST_F(RegistryTest, TruthValuesAndUnitsAreTsharks) {
  const std::vector<v1::NamedValue> truth =
      ListValues("tcp.flags.syn", kLargePage);
  ASSERT_EQ(truth.size(), 2u);
  EXPECT_THAT(TsharkValues("tcp.flags.syn"),
              ElementsAre("T\t" + truth[0].name() + "\t" + truth[1].name()));

  EXPECT_EQ(LookupFields("aaf.stream_data_len").named_value_kind(),
            v1::NAMED_VALUE_KIND_UNIT);
  const std::vector<v1::NamedValue> unit =
      ListValues("aaf.stream_data_len", kLargePage);
  ASSERT_EQ(unit.size(), 2u);
  EXPECT_THAT(TsharkValues("aaf.stream_data_len"),
              ElementsAre("U\t" + unit[0].name() + "\t" + unit[1].name()));

  EXPECT_EQ(LookupFields("tcp.port").named_value_count(), 0u);
  EXPECT_TRUE(ListValues("tcp.port", kLargePage).empty());
}

TEST_F(RegistryTest, BadPagesAreRefused) {
  v1::ListProtocolsRequest request;
  v1::ListProtocolsResponse response;
  request.set_page_size(-1);
  EXPECT_EQ(ReasonOf(Ask(&Stub::ListProtocols, request, &response)),
            "PAGE_SIZE_NEGATIVE");
  request.set_page_size(0);
  request.set_page_token("no token");
  EXPECT_EQ(ReasonOf(Ask(&Stub::ListProtocols, request, &response)),
            "PAGE_TOKEN_INVALID");

  request.clear_page_token();
  ASSERT_TRUE(Ask(&Stub::ListProtocols, request, &response).ok());
  EXPECT_EQ(response.protocols_size(), 100);
  v1::ListFieldsRequest other;
  other.set_page_token(response.next_page_token());
  v1::ListFieldsResponse fields;
  EXPECT_EQ(ReasonOf(Ask(&Stub::ListFields, other, &fields)),
            "PAGE_TOKEN_INVALID");
}

TEST_F(RegistryTest, ColumnsAreValidated) {
  v1::ValidateColumnRequest request;
  v1::ValidateColumnResponse response;
  request.mutable_column()->set_format("%Cus");
  request.mutable_column()->set_custom_fields("ip.src || ipv6.src");
  ASSERT_TRUE(Ask(&Stub::ValidateColumn, request, &response).ok());
  EXPECT_TRUE(response.valid()) << response.failure().message();

  request.mutable_column()->set_custom_fields("ip.src || no.such.field");
  ASSERT_TRUE(Ask(&Stub::ValidateColumn, request, &response).ok());
  EXPECT_FALSE(response.valid());
  EXPECT_EQ(response.failure().reason(), "COLUMN_FIELDS_INVALID");
  EXPECT_EQ(response.failure().span().start(), 10u);
  EXPECT_EQ(response.failure().span().length(), 13u);

  request.mutable_column()->set_format("%no");
  ASSERT_TRUE(Ask(&Stub::ValidateColumn, request, &response).ok());
  EXPECT_EQ(response.failure().reason(), "COLUMN_FORMAT_UNKNOWN");
}

TEST_F(RegistryTest, FieldTypesSayWhatFiltersCanDo) {
  v1::ListFieldTypesResponse response;
  ASSERT_TRUE(Ask(&Stub::ListFieldTypes, {}, &response).ok());
  std::map<std::string, v1::FieldTypeInfo> types;
  for (const v1::FieldTypeInfo& type : response.field_types()) {
    types[type.name()] = type;
  }
  EXPECT_TRUE(types["FT_UINT16"].can_mask());
  EXPECT_EQ(types["FT_UINT16"].wire_size(), 2u);
  EXPECT_FALSE(types["FT_STRING"].can_mask());
  EXPECT_TRUE(types["FT_STRING"].can_match());
  EXPECT_EQ(types["FT_STRING"].wire_size(), 0u);
  EXPECT_TRUE(types["FT_INT8"].can_be_negative());
  EXPECT_FALSE(types["FT_BYTES"].can_be_negative());
}

TEST_F(RegistryTest, FileTypesSayWhatTheyHold) {
  v1::ListFileTypesResponse response;
  ASSERT_TRUE(Ask(&Stub::ListFileTypes, {}, &response).ok());
  std::map<std::string, v1::FileType> types;
  for (const v1::FileType& type : response.file_types()) {
    types[type.name()] = type;
  }
  const v1::FileType& pcapng = types["pcapng"];
  EXPECT_TRUE(pcapng.can_write());
  EXPECT_TRUE(pcapng.several_interfaces());
  EXPECT_TRUE(pcapng.several_encapsulations());
  EXPECT_TRUE(pcapng.name_resolution());
  EXPECT_TRUE(std::any_of(pcapng.blocks().begin(), pcapng.blocks().end(),
                          [](const v1::FileTypeBlock& block) {
                            return block.type() == v1::BLOCK_TYPE_PACKET &&
                                   block.comments() ==
                                       v1::COMMENT_SUPPORT_SEVERAL;
                          }));
  EXPECT_FALSE(types["pcap"].several_interfaces());
  EXPECT_THAT(types["pcap"].extensions(), ::testing::Contains("cap"));

  v1::ListEncapsulationsResponse encapsulations;
  ASSERT_TRUE(Ask(&Stub::ListEncapsulations, {}, &encapsulations).ok());
  EXPECT_TRUE(std::any_of(encapsulations.encapsulations().begin(),
                          encapsulations.encapsulations().end(),
                          [](const v1::Encapsulation& encapsulation) {
                            return encapsulation.name() == "ether" &&
                                   encapsulation.description() == "Ethernet";
                          }));
}

TEST_F(RegistryTest, TablesHaveTheEntriesThatTheySay) {
  std::map<std::string, uint32_t> expected;
  VisitPages(&Stub::ListDissectorTables, v1::ListDissectorTablesRequest(),
             [&expected](const v1::ListDissectorTablesResponse& page) {
               for (const v1::DissectorTable& table : page.dissector_tables()) {
                 if (table.entry_count() > 0) {
                   expected[table.name()] = table.entry_count();
                 }
               }
             });
  v1::ListDissectorTableEntriesRequest request;
  request.set_page_size(kLargePage);
  std::map<std::string, uint32_t> received;
  VisitPages(&Stub::ListDissectorTableEntries, request,
             [&received](const v1::ListDissectorTableEntriesResponse& page) {
               for (const v1::DissectorTableEntry& entry : page.entries()) {
                 ++received[entry.table()];
               }
             });
  EXPECT_EQ(received, expected);

  request.set_table("tcp.port");
  bool has_http = false;
  VisitPages(&Stub::ListDissectorTableEntries, request,
             [&has_http](const v1::ListDissectorTableEntriesResponse& page) {
               for (const v1::DissectorTableEntry& entry : page.entries()) {
                 EXPECT_EQ(entry.table(), "tcp.port");
                 has_http |= entry.number() == 80 && entry.protocol() == "http";
               }
             });
  EXPECT_TRUE(has_http);

  request.set_table("no.such.table");
  v1::ListDissectorTableEntriesResponse none;
  EXPECT_EQ(ReasonOf(Ask(&Stub::ListDissectorTableEntries, request, &none)),
            "DECODE_AS_TABLE_UNKNOWN");
}

TEST_F(RegistryTest, TimestampTypesHaveTsharksLetters) {
  v1::ListTimestampTypesResponse response;
  ASSERT_TRUE(Ask(&Stub::ListTimestampTypes, {}, &response).ok());
  std::map<std::string, v1::TimestampType> types;
  for (const v1::TimestampTypeInfo& type : response.types()) {
    types[type.letters()] = type.type();
  }
  EXPECT_EQ(types.size(), 10u);
  EXPECT_EQ(types["dd"], v1::TIMESTAMP_TYPE_DELTA_DISPLAYED);
  EXPECT_EQ(types["udoy"], v1::TIMESTAMP_TYPE_UTC_WITH_YDOY);
  // 4.4 has four more.
  const bool is_old = WiresharkRelease(daemon_.Connect()) == "4.0";
  EXPECT_EQ(response.precisions_size(), is_old ? 7 : 11);
  EXPECT_EQ(response.precisions(6).decimals(), 9u);
  EXPECT_EQ(response.seconds_types_size(), 2);
}

}  // namespace
}  // namespace dissectd
